"""Official files from outside: fetched or found on disk, read and checked before they are used."""
