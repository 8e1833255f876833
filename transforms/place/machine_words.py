"""Two machine instructions that numba does not offer: reading eight bytes anywhere, and fetching ahead."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic


def _eight_bytes_at(_typing: Any, address: Any) -> Any:
    """The eight bytes at an address as a little-endian uint64; the address need not be aligned."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], ir.IntType(64).as_pointer())
        return builder.load(pointer, align=1)

    return types.uint64(types.uint64), generate


def _fetch_ahead(_typing: Any, address: Any) -> Any:
    """Ask the processor to bring the cache line of an address nearer; never faults."""

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        byte, whole = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, whole, whole, whole])
        prefetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
        read, keep, data = (ir.Constant(whole, value) for value in (0, 3, 1))
        builder.call(prefetch, [builder.inttoptr(arguments[0], byte), read, keep, data])
        return context.get_dummy_value()

    return types.void(types.uint64), generate


# Called from compiled code with the address alone; numba adds the rest.
eight_bytes_at: Any = intrinsic(_eight_bytes_at)
fetch_ahead: Any = intrinsic(_fetch_ahead)
