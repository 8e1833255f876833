"""The postcode directory as arrays that can be mapped into memory: one slot for every possible unit.

Outward code → its number (a table over all 37⁴ spellings) → its ten sectors → 441 slots a sector. A
slot is one 64-bit word with everything a venue needs. Finding a postcode is arithmetic and four reads,
without a string, a hash or a comparison; see docs/performance.md for what that brings.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.place import postcode_key as key
from transforms.place.postcode_form import FormTables, form_tables

POSTCODE, EASTING, NORTHING, LAD_CODE = "postal_code", "easting", "northing", "lad_code"
INTRODUCED, TERMINATED, LARGE_USER, QUALITY = "introduced", "terminated", "is_large_user", "quality"

# A slot, from its lowest bit: easting, northing (whole metres, EPSG:27700), number of the authority,
# then one byte of what is known of the postcode, its state.
EASTING_BITS, NORTHING_BITS, AUTHORITY_BITS = 20, 21, 9
NORTHING_SHIFT = EASTING_BITS
AUTHORITY_SHIFT = NORTHING_SHIFT + NORTHING_BITS
STATE_SHIFT = AUTHORITY_SHIFT + AUTHORITY_BITS
IS_LISTED, HAS_POINT, IS_PO_BOX, IS_TERMINATED = 1, 2, 4, 8
PRECISION_SHIFT, PRECISION_MASK = 4, 0b111
IS_DISPUTED = 128

# Points on whole hundreds of metres stand for a square, not a door.
COARSE_GRID_M = 100
# Northern Ireland's points are on the Irish Grid: read as British ones they lie about Liverpool.
ON_THE_IRISH_GRID = "BT"

# How precise a point is, by the directory's grid positional quality indicator (ONSPD user guide).
PRECISIONS = ("unit", "coarse", "approximate", "imputed", "sector")
_PRECISION_OF_QUALITY = {3: "approximate", 5: "imputed", 6: "sector"}


@dataclass(frozen=True)
class Entries:
    """What the directory holds in some slots, as arrays of equal length.

    ``slot`` (int32, 0 for none), ``easting`` and ``northing`` (int32, metres, EPSG:27700; 0 without a point),
    ``authority`` (uint16, number in ``lad_codes``, 0 for none) and ``state`` (uint8, 0 when not listed).
    """

    slot: np.ndarray
    easting: np.ndarray
    northing: np.ndarray
    authority: np.ndarray
    state: np.ndarray

    def is_(self, bit: int) -> np.ndarray:
        """Whether each state has a bit set."""
        return (self.state & np.uint8(bit)) > 0

    def is_place(self) -> np.ndarray:
        """Whether each has a point that stands for a place: a PO box's does not."""
        return (self.state & np.uint8(HAS_POINT | IS_PO_BOX)) == HAS_POINT

    def points(self) -> tuple[np.ndarray, np.ndarray]:
        """Eastings and northings as float64, NaN without a point."""
        has_point = self.is_(HAS_POINT)
        return np.where(has_point, self.easting, np.nan), np.where(has_point, self.northing, np.nan)

    def precision(self) -> np.ndarray:
        """Place of each point's precision in ``PRECISIONS``."""
        return (self.state >> np.uint8(PRECISION_SHIFT)) & np.uint8(PRECISION_MASK)


@dataclass(frozen=True)
class PostcodeDirectory:
    """All postcodes of a directory, ready to be looked up.

    ``slots`` (uint64, sectors × 441, the first sector empty), ``sectors`` (uint16, ten an outward code),
    ``outward`` (uint16, number of each of 37⁴ spellings, 0 for none, one more for what is too long),
    ``distance_dm`` (int32, decimetres from each slot's point to the City boundary, negative inside;
    empty until measured). ``lad_codes`` names the authorities by number, the first one being none.
    ``is_dated`` says whether termination dates are known.
    """

    slots: np.ndarray
    sectors: np.ndarray
    outward: np.ndarray
    distance_dm: np.ndarray
    lad_codes: tuple[str, ...]
    is_dated: bool

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays by name, for saving."""
        return {name: getattr(self, name) for name in ARRAYS}

    @cached_property
    def in_memory(self) -> PostcodeDirectory:
        """The same directory with the slots in memory of our own, copied the first time this is asked for."""
        return replace(self, slots=np.array(self.slots))

    @cached_property
    def spelt(self) -> np.ndarray:
        """The keys of all outward codes, ascending."""
        return np.flatnonzero(self.outward[: key.OUTWARD_SPAN])

    @cached_property
    def form(self) -> FormTables:
        """What finds the slot of a postcode written as usual."""
        return form_tables(self)

    @cached_property
    def mistakable(self) -> np.ndarray:
        """Whether each outward code, by number, is another one when O and 0 or I and 1 are swapped (uint8)."""
        spelt = self.spelt
        swap = np.arange(key.BASE)
        for pair in key.MISTAKEN:
            one, other = map(key.key_of, pair)
            swap[[one, other]] = other, one
        spellings = [spelt]
        for power in key.BASE ** np.arange(key.LONGEST_POSTCODE - key.INWARD_LETTERS):
            place = [spelling // power % key.BASE for spelling in spellings]
            spellings += [
                spelling + (swap[worth] - worth) * power
                for spelling, worth in zip(spellings, place, strict=True)
            ]
        is_another = np.any([(self.outward[one] > 0) & (one != spelt) for one in spellings], axis=0)
        mistakable = np.zeros(len(self.sectors) // key.SECTORS_AN_OUTWARD, np.uint8)
        mistakable[self.outward[spelt]] = is_another
        return mistakable

    def slots_of(self, keys: np.ndarray) -> np.ndarray:
        """Slot number of each key (uint64); 0 for what no slot stands for."""
        keys = keys.astype(np.uint64, copy=False)
        outward_key = np.minimum(keys // np.uint64(key.INWARD_SPAN), np.uint64(key.OUTWARD_SPAN))
        unit = key.units_of_inward()[keys % np.uint64(key.INWARD_SPAN)].astype(np.int64)
        number = self.outward[outward_key].astype(np.int64)
        sector = self.sectors[number * key.SECTORS_AN_OUTWARD + (unit >> key.UNIT_BITS)].astype(np.int64)
        within = unit & key.NO_UNIT
        return np.where(within == key.NO_UNIT, 0, sector * key.UNITS_A_SECTOR + within)

    def entries(self, slots: np.ndarray) -> Entries:
        """What stands in some slots, by their numbers."""
        words = self.slots[slots]
        return Entries(
            slots.astype(np.int32),
            (words & np.uint64(2**EASTING_BITS - 1)).astype(np.int32),
            ((words >> np.uint64(NORTHING_SHIFT)) & np.uint64(2**NORTHING_BITS - 1)).astype(np.int32),
            ((words >> np.uint64(AUTHORITY_SHIFT)) & np.uint64(2**AUTHORITY_BITS - 1)).astype(np.uint16),
            (words >> np.uint64(STATE_SHIFT)).astype(np.uint8),
        )

    def listed(self) -> np.ndarray:
        """Numbers of the slots that hold a postcode, in their order."""
        return np.flatnonzero(self.slots)

    def sector_keys(self) -> np.ndarray:
        """Key of the first postcode each sector might have (uint64), less its unit; 0 for the empty sector."""
        outward_key = np.zeros(len(self.sectors) // key.SECTORS_AN_OUTWARD, np.int64)
        outward_key[self.outward[self.spelt]] = self.spelt
        used = np.flatnonzero(self.sectors)
        number, digit = np.divmod(used, key.SECTORS_AN_OUTWARD)
        keys = np.zeros(len(self.slots) // key.UNITS_A_SECTOR, np.uint64)
        keys[self.sectors[used]] = outward_key[number] * key.INWARD_SPAN + (digit + 1) * key.BASE**2
        return keys

    def listed_keys(self) -> np.ndarray:
        """Key of every listed postcode, in the order of ``listed()``."""
        sector, unit = np.divmod(self.listed(), key.UNITS_A_SECTOR)
        return self.sector_keys()[sector] + key.keys_of_units()[unit]


ARRAYS = ("slots", "sectors", "outward", "distance_dm")


def build_directory(postcodes: pa.Table, stack_size: int) -> PostcodeDirectory:
    """A directory from its table; the order of its rows does not matter.

    ``postcodes`` has one row a postcode: ``postal_code`` (capitals, no space), ``easting`` and ``northing``
    (EPSG:27700, whole metres, null where there is none; not used in Northern Ireland), ``lad_code`` (GSS, may
    be null), and, where the directory gives them, ``terminated`` (yyyymm, null while in use) and ``quality``
    (1 to 9). Where at least ``stack_size`` postcodes share a point it is a sorting office: they are marked as
    PO boxes. Should a postcode have several rows, one counts: in use rather than ended, with a point rather
    than without.

    Raises ``ValueError`` for more authorities than fit, a postcode that no slot can hold or a point that is
    not on the National Grid.
    """
    keys = key.keys_of(_column(postcodes, POSTCODE, pa.string()))
    inward = key.units_of_inward()[keys % np.uint64(key.INWARD_SPAN)].astype(np.int64)
    spelt = (keys // np.uint64(key.INWARD_SPAN)).astype(np.int64)
    odd = np.flatnonzero((inward == key.NO_UNIT) | (spelt >= key.OUTWARD_SPAN))
    if len(odd):
        raise ValueError(
            f"{len(odd)} postcodes have no shape we know, the first is {key.text_of(int(keys[odd[0]]))}"
        )
    outward = np.zeros(key.OUTWARD_SPAN + 1, np.uint16)
    spellings = np.unique(spelt)
    outward[spellings] = np.arange(1, len(spellings) + 1)
    place = outward[spelt].astype(np.int64) * key.SECTORS_AN_OUTWARD + (inward >> key.UNIT_BITS)
    used = np.unique(place)
    sectors = np.zeros((len(spellings) + 1) * key.SECTORS_AN_OUTWARD, np.uint16)
    sectors[used] = np.arange(1, len(used) + 1)
    where = sectors[place].astype(np.int64) * key.UNITS_A_SECTOR + (inward & key.NO_UNIT)
    slots = np.zeros((len(used) + 1) * key.UNITS_A_SECTOR, np.uint64)
    slots[where] = 1
    if np.count_nonzero(slots) < len(where):
        rows = _one_row_each(postcodes, where)
        postcodes, where = postcodes.take(rows), where[rows]
    lad_codes, numbers = _authorities(_column(postcodes, LAD_CODE, pa.string()))
    slots[where] = _words(postcodes, numbers, stack_size)
    is_dated = TERMINATED in postcodes.column_names
    return PostcodeDirectory(slots, sectors, outward, np.zeros(0, np.int32), lad_codes, is_dated)


def _one_row_each(postcodes: pa.Table, where: np.ndarray) -> np.ndarray:
    """Row numbers, one for each slot: in use before ended, with a point before without, then in any fixed order."""
    order = {"slot": pa.array(where)}
    if TERMINATED in postcodes.column_names:
        order["has_ended"] = pc.is_valid(postcodes[TERMINATED]).cast(pa.int8())
    order["has_no_point"] = pc.or_(pc.is_null(postcodes[EASTING]), pc.is_null(postcodes[NORTHING])).cast(
        pa.int8()
    )
    order |= {name: postcodes[name] for name in sorted(postcodes.column_names)}
    sorted_rows = pc.sort_indices(pa.table(order), [(name, "ascending") for name in order]).to_numpy()
    _, first = np.unique(where[sorted_rows], return_index=True)
    return sorted_rows[first]


def _column(postcodes: pa.Table, name: str, kind: pa.DataType) -> pa.Array:
    return postcodes[name].combine_chunks().cast(kind)


def _authorities(codes: pa.Array) -> tuple[tuple[str, ...], np.ndarray]:
    """The authorities in order of their code, none first, and the number of each row's own."""
    named = sorted(code for code in pc.unique(codes).to_pylist() if code)
    if len(named) >= 2**AUTHORITY_BITS:
        raise ValueError("more authorities than a slot can number")
    numbers = pc.fill_null(pc.index_in(codes, pa.array(named, pa.string())), -1).to_numpy()
    return ("", *named), (numbers + 1).astype(np.uint64)


def _is_on_the_grid(easting: np.ndarray, northing: np.ndarray) -> bool:
    """Whether all points fit a slot, whose neighbouring bits they would spill into."""
    limits = (easting, 2**EASTING_BITS), (northing, 2**NORTHING_BITS)
    return all(((metres >= 0) & (metres < limit)).all() for metres, limit in limits)


def _words(postcodes: pa.Table, numbers: np.ndarray, stack_size: int) -> np.ndarray:
    """The 64-bit word of each row."""
    easting, northing = (
        pc.fill_null(_column(postcodes, name, pa.float64()), np.nan).to_numpy()
        for name in (EASTING, NORTHING)
    )
    has_point = np.isfinite(easting) & np.isfinite(northing)
    irish = pc.starts_with(_column(postcodes, POSTCODE, pa.string()), ON_THE_IRISH_GRID)
    has_point &= ~irish.to_numpy(zero_copy_only=False)
    if not _is_on_the_grid(easting[has_point], northing[has_point]):
        raise ValueError("a point that is not on the National Grid")
    east = np.where(has_point, easting, 0).astype(np.uint64)
    north = np.where(has_point, northing, 0).astype(np.uint64)
    point = east | (north << np.uint64(NORTHING_SHIFT))
    _, which, size = np.unique(point, return_inverse=True, return_counts=True)
    is_stack = has_point & (size[which] >= stack_size)
    is_coarse = has_point & (east % np.uint64(COARSE_GRID_M) == 0) & (north % np.uint64(COARSE_GRID_M) == 0)
    precision = np.where(is_coarse, PRECISIONS.index("coarse"), PRECISIONS.index("unit"))
    if QUALITY in postcodes.column_names:
        quality = pc.fill_null(_column(postcodes, QUALITY, pa.int8()), 0).to_numpy()
        for grade, name in _PRECISION_OF_QUALITY.items():
            precision = np.where(quality == grade, PRECISIONS.index(name), precision)
    state = IS_LISTED + HAS_POINT * has_point + IS_PO_BOX * is_stack + (precision << PRECISION_SHIFT)
    if TERMINATED in postcodes.column_names:
        ended = pc.is_valid(_column(postcodes, TERMINATED, pa.int32())).to_numpy(zero_copy_only=False)
        state = state + IS_TERMINATED * ended
    return (
        point | (numbers << np.uint64(AUTHORITY_SHIFT)) | (state.astype(np.uint64) << np.uint64(STATE_SHIFT))
    )
