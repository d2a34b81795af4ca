"""What is far away: read in ranges, listed, written whole. The only importer of fsspec.

Which driver stands behind an address (s3fs, gcsfs, adlfs, aiohttp ...) is fsspec's business, and so is where it looks
for credentials. Everything here raises StoreError and nothing else.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from secrets import token_hex
from typing import Any, BinaryIO, Final, NamedTuple

from policyengine.source.addresses import Address
from policyengine.source.files import PARTIAL
from policyengine.source.store_errors import is_silence, not_installed, told, unusable

OBJECT_STORES: Final = frozenset({"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az"})
"""Where an object is put whole or not at all, and has a tag that changes with its content."""
_TAGS: Final = ("ETag", "md5Hash", "etag")
_DRIVERS: Final = {
    **dict.fromkeys(("s3", "s3a"), "s3fs"),
    **dict.fromkeys(("gs", "gcs"), "gcsfs"),
    **dict.fromkeys(("abfs", "abfss", "az"), "adlfs"),
    **dict.fromkeys(("http", "https"), "aiohttp"),
}
_LOGS: Final = ("adlfs", "azure", "gcsfs", "google")
"""Where drivers write what they raise as well, with tracebacks, and that they try again."""
_NOWHERE: Final = logging.NullHandler()
_TAGGED: Final = "etag:"
_BLOCK: Final = 8 << 20
_SECONDS_TO_CONNECT: Final = 30
_SECONDS_TO_READ: Final = 60
_MAGIC: Final = re.compile(r"[*?\[]")
_WEB_MAGIC: Final = re.compile(r"[*\[]")


class Entry(NamedTuple):
    """What a listing says of a file: its size in bytes, and the tag of its content, empty where there is none."""

    size: int
    tag: str


class FarFile:
    """A file to read from, in ranges or from its beginning to its end; Arrow takes it for one of Python's."""

    def __init__(self, address: Address, *, in_ranges: bool, version: str = "") -> None:
        """Open it; with `in_ranges` nothing is read that is not asked for, else ahead.

        Of a file with a tag, `version` says which one is wanted, as `version_of` gives it.
        """
        self._address = address
        with told(address):
            system, path = _system(address)
            ahead = {"cache_type": "none"} if in_ranges else {"cache_type": "readahead", "block_size": _BLOCK}
            self._file: Any = system.open(path, "rb", **ahead)
            found = _TAGGED + _tag(self._file.details) if version.startswith(_TAGGED) else version
        if found != version:
            raise unusable(address, "this was changed meanwhile", "do not change a table while it is evaluated")
        self.closed = False

    def read(self, size: int = -1) -> bytes:
        """Up to so many bytes from here; -1 for all that is left."""
        with told(self._address):
            data: bytes = self._file.read(size)
        return data

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to another place; says where that is."""
        with told(self._address):
            place: int = self._file.seek(offset, whence)
        return place

    def tell(self) -> int:
        """Where the next byte comes from."""
        place: int = self._file.tell()
        return place

    def readable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """What a server gives as a stream only, is not."""
        return bool(self._file.seekable())

    def writable(self) -> bool:
        """It is not."""
        return False

    def close(self) -> None:
        """Close it."""
        self.closed = True
        self._file.close()


def check_driver(address: Address) -> None:
    """Raise StoreError unless what reaches this address is installed; nothing is asked of the network."""
    with told(address):
        _system(address)


def check_writable(address: Address) -> None:
    """Raise StoreError for an address to which nobody could write folders; nothing is asked of the network."""
    hint = "give a folder of a store, such as s3://bucket/folder, or one of this machine"
    if not address.full.partition("://")[2].strip("/"):
        raise unusable(address, "this names no folder", hint)
    if address.of_the_web:
        raise unusable(address, "the web can be read and not written to", hint)
    if address.scheme == "memory":
        raise unusable(address, "what is in memory ends with its process", hint)
    if address.has_query or ".." in address.path.split("/"):
        raise unusable(address, "results go to a plain folder, without '?' and '..'", hint)


def version_of(address: Address) -> str:
    """What changes with the content of a file: the tag that an object store gives it, else its SHA-256.

    For the hash all of it is read. On the web a tag may stay while the content changes, so none is trusted there.
    """
    with told(address):
        system, path = _system(address)
        if address.scheme in OBJECT_STORES and (tag := _tag(system.info(path))):
            return _TAGGED + tag
    return sha256_of(address)


def sha256_of(address: Address) -> str:
    """The SHA-256 of a file, for which all of it is read."""
    digest, file = hashlib.sha256(), FarFile(address, in_ranges=False)
    try:
        while data := file.read(_BLOCK):
            digest.update(data)
    finally:
        file.close()
    return digest.hexdigest()


def files_of(address: Address) -> list[Address]:
    """The files that an address means: those of a pattern, those below a folder, or itself if it is neither."""
    if address.has_query or address.of_the_web:
        if address.of_the_web and (_WEB_MAGIC.search(address.path) or address.path.endswith("/")):
            raise unusable(address, "the web has no folders and no patterns", "name the files, or give a list: @FILE")
        return [address]
    with told(address):
        system, path = _system(address)
        system.invalidate_cache()
        if _MAGIC.search(address.path) and not system.exists(path):
            return [_moved(address, system, each) for each in sorted(system.glob(path))] or [address]
        if address.path.endswith("/") or not _is_file(system, path):
            found = [_moved(address, system, each) for each in sorted(system.find(path))]
            if not found and address.path.endswith("/"):
                raise FileNotFoundError("no file is below this folder")
            return found or [address]
    return [address]


def _moved(address: Address, system: Any, path: str) -> Address:
    """The address of something that was found; what stands before its path stays as the user wrote it."""
    head = address.full[: len(address.full) - len(address.path)]
    # fsspec has no public name for it; some drivers leave the stroke at the end of a folder, some do not
    inside = str(system._strip_protocol(address.full)).rstrip("/")  # noqa: SLF001
    before = inside[: len(inside) - len(address.path.rstrip("/"))]
    return Address(head + path[len(before) :])


def _is_file(system: Any, path: str) -> bool:
    """Whether a file is there, as far as one may know; a store that does not answer is not asked a second time."""
    try:
        return bool(system.info(path)["type"] == "file")
    except Exception as error:
        if is_silence(error):
            raise
        return False


def below(address: Address, *, deep: bool = True) -> dict[str, Entry]:
    """What there is below a folder, by name from there; without `deep`, folders in it stand for what they hold."""
    with told(address):
        system, path = _system(address)
        system.invalidate_cache()
        try:
            if deep:
                found: Mapping[str, Any] = system.find(path, detail=True)
            else:
                found = {each["name"].rstrip("/"): each for each in system.ls(path, detail=True)}
        except (FileNotFoundError, NotADirectoryError):
            return {}
        top = str(path).rstrip("/")
        names = {name: name[len(top) :].strip("/") for name in found if name.startswith(f"{top}/")}
        return {names[key]: Entry(each.get("size") or 0, _tag(each)) for key, each in found.items() if names.get(key)}


def read(address: Address) -> bytes | None:
    """All of a file, or None if it is not there."""
    with told(address):
        system, path = _system(address)
        try:
            data: bytes = system.cat_file(path)
        except FileNotFoundError:
            return None
    return data


def read_all(addresses: Iterable[Address]) -> Iterator[bytes]:
    """All of several files, fetched together; one that is not there any more is passed over."""
    wanted = list(addresses)
    if wanted:
        with told(wanted[0]):
            system, _ = _system(wanted[0])
            paths = [str(system._strip_protocol(each.full)) for each in wanted]  # noqa: SLF001 - as above
            found = system.cat_ranges(paths, [None] * len(paths), [None] * len(paths), on_error="return")
        for address, data in zip(wanted, found, strict=True):
            if isinstance(data, Exception) and not isinstance(data, FileNotFoundError):
                with told(address):
                    raise data
            if isinstance(data, bytes):
                yield data


def write(address: Address, data: bytes) -> None:
    """Put something small, whole: whoever reads it finds the old content or the new one."""
    with told(address):
        system, path = _system(address)
        with _whole(address, system, path) as there:
            system.pipe_file(there, data)


def create(address: Address, data: bytes) -> bool:
    """Put something if there is nothing yet, which only one of several can; says whether it was this one."""
    with told(address):
        system, path = _system(address)
        try:
            if address.scheme in OBJECT_STORES:
                system.pipe_file(path, data, mode="create")
            else:
                system.makedirs(system._parent(path), exist_ok=True)  # noqa: SLF001 - as above
                with system.open(path, "xb") as file:
                    file.write(data)
        except FileExistsError:
            return False
    return True


def put(address: Address, file: BinaryIO) -> Entry:
    """Put what stands in a file of this machine, whole; says what a listing will say of it."""
    file.flush()
    file.seek(0)
    with told(address):
        system, path = _system(address)
        with _whole(address, system, path) as there:
            system.put_file(f"/dev/fd/{file.fileno()}", there)  # such a file may have no name any more
        system.invalidate_cache()
        info = system.info(path)
        return Entry(info.get("size") or 0, _tag(info))


def remove(addresses: Iterable[Address]) -> None:
    """Take files away; those that are not there any more do not matter."""
    wanted = list(addresses)
    if not wanted:
        return
    with told(wanted[0]):
        system, _ = _system(wanted[0])
        paths = [str(system._strip_protocol(each.full)) for each in wanted]  # noqa: SLF001 - as above
        # What looks like a pattern would take away what others put, so it is taken away by itself.
        plain = [path for path in paths if not _MAGIC.search(path)]
        alone = [path for path in paths if _MAGIC.search(path)]
        try:
            if plain:
                system.rm(plain)
        except FileNotFoundError:
            alone = paths
        for path in alone:
            with suppress(FileNotFoundError):
                system.rm_file(path)


@contextmanager
def _whole(address: Address, system: Any, path: str) -> Iterator[str]:
    """Where to write, so that it stands at `path` in one step when it is written."""
    if address.scheme in OBJECT_STORES:
        yield path
        return
    folder = system._parent(path)  # noqa: SLF001 - as above
    system.makedirs(folder, exist_ok=True)
    beside = f"{folder}/.{token_hex(8)}{PARTIAL}"
    try:
        yield beside
        system.mv(beside, path)
    except BaseException:
        with suppress(Exception):
            system.rm_file(beside)
        raise


def _system(address: Address) -> tuple[Any, str]:
    """The driver for an address, and how it calls what is there; raises StoreError if it is not installed."""
    try:
        from fsspec.core import get_filesystem_class, url_to_fs
    except ModuleNotFoundError:
        raise not_installed(address, "fsspec", "pip install 'layered-policyengine[remote]'") from None
    try:
        get_filesystem_class(address.scheme)
    except ValueError:
        hint = "use one that fsspec knows, such as s3, gs, abfs or https"
        raise unusable(address, f"addresses of {address.scheme}:// are not known", hint) from None
    except ImportError:
        driver = _DRIVERS.get(address.scheme, f"the driver of fsspec for {address.scheme}")
        raise not_installed(address, driver, f"pip install {driver}") from None
    for name in _LOGS:  # Python writes to stderr what nobody else takes; whoever asks for logs still gets them
        logging.getLogger(name).addHandler(_NOWHERE)
    system, path = url_to_fs(address.full, **(_web_options() if address.of_the_web else {}))
    return system, str(path)


def _web_options() -> dict[str, Any]:
    """The driver's own limits are five minutes for a whole answer, and no proxy; what a user configured counts."""
    import aiohttp
    from fsspec.config import conf

    limits = aiohttp.ClientTimeout(total=None, sock_connect=_SECONDS_TO_CONNECT, sock_read=_SECONDS_TO_READ)
    configured = conf.get("http", {}).get("client_kwargs", {})
    return {"client_kwargs": {"timeout": limits, "trust_env": True, **configured}}


def _tag(info: Mapping[str, Any]) -> str:
    return next((str(info[name]).strip('"') for name in _TAGS if info.get(name)), "")
