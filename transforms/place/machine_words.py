"""Machine instructions that numba does not offer: reading and writing several bytes anywhere."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
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


# Called from compiled code with the address alone; numba adds the rest.
eight_bytes_at: Any = intrinsic(_eight_bytes_at)
four_bytes_at: Any = intrinsic(_four_bytes_at)
put_eight_bytes: Any = intrinsic(_put_eight_bytes)
