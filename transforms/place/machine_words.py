"""Machine instructions that numba does not offer: reading and writing several bytes anywhere."""

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


def _four_bytes_at(_typing: Any, address: Any) -> Any:
    """The four bytes at an address as a little-endian number, likewise."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], ir.IntType(32).as_pointer())
        return builder.zext(builder.load(pointer, align=1), ir.IntType(64))

    return types.uint64(types.uint64), generate


def _put_eight_bytes(_typing: Any, address: Any, word: Any) -> Any:
    """Write a uint64 to an address as eight bytes, the lowest first; the address need not be aligned."""

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], ir.IntType(64).as_pointer())
        builder.store(arguments[1], pointer, align=1)
        return context.get_dummy_value()

    return types.void(types.uint64, types.uint64), generate


def _bring_near(_typing: Any, address: Any) -> Any:
    """Ask for the memory at an address, without waiting for it."""

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        bytes_at, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [bytes_at, number, number, number])
        prefetch = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
        # To be read, kept in every cache, data.
        told = [ir.Constant(number, value) for value in (0, 3, 1)]
        builder.call(prefetch, [builder.inttoptr(arguments[0], bytes_at), *told])
        return context.get_dummy_value()

    return types.void(types.uint64), generate


# Called from compiled code with the address alone; numba adds the rest.
eight_bytes_at: Any = intrinsic(_eight_bytes_at)
four_bytes_at: Any = intrinsic(_four_bytes_at)
put_eight_bytes: Any = intrinsic(_put_eight_bytes)
bring_near: Any = intrinsic(_bring_near)
