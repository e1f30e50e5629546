"""Archives: what comes out, and what is refused by one sentence."""

from __future__ import annotations

import bz2
import gzip
import io
import tarfile
import zipfile

import pytest
import zstandard

from kgqa.errors import GraphError
from kgqa.graph.importer.parts import Format
from kgqa.graph.importer.unpack import opened, unpack

TEXT = b"id,name\n1,Ann\n"
FACTS = b"<http://e/a> <http://e/b> <http://e/c> .\n" * 30
PACK = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "zst": zstandard.ZstdCompressor().compress,
    "plain": bytes,
}


def zipped(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def unpacked(tmp_path, name: str, data: bytes, **options) -> dict[str, bytes]:
    (tmp_path / name).write_bytes(data)
    parts = unpack([tmp_path / name], tmp_path / "work", **options)
    return {part.name: part.path.read_bytes() for part in parts}


@pytest.mark.parametrize("kind", PACK)
@pytest.mark.parametrize("name", ["people.csv", "people"])
def test_a_stream_is_known_by_its_content_whatever_its_name(tmp_path, kind, name):
    assert unpacked(tmp_path, name, PACK[kind](TEXT)) == {name: TEXT}


def test_a_file_that_was_unpacked_keeps_its_ending(tmp_path):
    (tmp_path / "x.csv.bz2").write_bytes(bz2.compress(TEXT))
    (part,) = unpack([tmp_path / "x.csv.bz2"], tmp_path / "work")
    assert part.path.suffix == ".csv" and part.name == "x.csv.bz2"


def test_all_members_of_a_zip_come_out_but_not_what_systems_add(tmp_path):
    members = {
        "data/rels.csv": TEXT * 2,
        "data/nodes.csv": TEXT,
        "__MACOSX/data/._nodes.csv": b"x",
        "data/.DS_Store": b"x",
        "more.csv.gz": gzip.compress(TEXT * 3),
        "inner.zip": zipped({"rels.csv": TEXT * 4}),
    }
    assert unpacked(tmp_path, "e.zip", zipped(members)) == {
        "e.zip: data/nodes.csv": TEXT,
        "e.zip: data/rels.csv": TEXT * 2,
        "e.zip: more.csv.gz": TEXT * 3,
        "e.zip: inner.zip: rels.csv": TEXT * 4,
    }


def test_a_folder_stands_for_its_files(tmp_path):
    (tmp_path / "in").mkdir()
    for name in ("b.csv", "a.csv", ".hidden"):
        (tmp_path / "in" / name).write_bytes(TEXT)
    parts = list(unpack([tmp_path / "in"], tmp_path / "work"))
    assert [part.name for part in parts] == ["a.csv", "b.csv"]


def test_n_triples_stay_packed_where_the_build_reads_them_so(tmp_path):
    for name, kind in {"a.nt.gz": "gz", "b.nt.zst": "zst", "c.nt.bz2": "bz2", "d": "gz"}.items():
        (tmp_path / name).write_bytes(PACK[kind](FACTS))
        (part,) = unpack([tmp_path / name], tmp_path / "work")
        assert part.format is Format.NTRIPLES
        assert (part.path == tmp_path / name) == (name in ("a.nt.gz", "b.nt.zst"))
        assert part.path.suffixes[-2:] in ([".nt", ".gz"], [".nt", ".zst"])
        assert opened(part.path).read() == FACTS
        (bounded,) = unpack([tmp_path / name], tmp_path / "work", largest=10**6)
        assert bounded.path.read_bytes() == FACTS


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("x.gz", gzip.compress(TEXT * 100)[:40], "damaged"),
        ("x.bz2", bz2.compress(TEXT * 100)[:40], "damaged"),
        ("x.zst", PACK["zst"](bytes(range(256)) * 99)[:60], "damaged"),
        ("x.zip", zipped({"a": TEXT})[:60], "damaged"),
        ("x.zip", zipped({"a": TEXT}).replace(b"\x01\x00\x00\x00", b"\x09\x00\x00\x00"), "damaged"),
        ("x.zip", zipped({"../a.csv": TEXT}), r"'\.\./a\.csv', which points out"),
        ("x.zip", zipped({"/etc/a.csv": TEXT}), "points out"),
        ("x.zip", zipped({"C:\\a.csv": TEXT}), "points out"),
        ("x.zip", zipped({"a\\..\\..\\b": TEXT}), "points out"),
        ("x.zip", zipped({".DS_Store": TEXT}), "holds no files"),
        ("x.xlsx", zipped({"[Content_Types].xml": TEXT, "xl/a.xml": TEXT}), "spreadsheet"),
        ("x.zip", zipped({"a": bytes(10**7)}), "more than the 1 MB"),
        ("x.zip", zipped({str(i): bytes(10**5) for i in range(20)}), "more than the 1 MB"),
        ("x.gz", gzip.compress(bytes(10**7)), "more than the 1 MB"),
        ("x.bz2", bz2.compress(bytes(10**7)), "more than the 1 MB"),
        ("x.zst", PACK["zst"](bytes(10**7)), "more than the 1 MB"),
        ("x.csv", bytes(10**7), "more than the 1 MB"),
        ("x.gz", gzip.compress(gzip.compress(gzip.compress(gzip.compress(TEXT)))), "archive in an"),
    ],
)
def test_what_no_archive_should_hold_is_refused_by_one_sentence(tmp_path, name, data, why):
    with pytest.raises(GraphError, match=why) as caught:
        unpacked(tmp_path, name, data, largest=10**6)
    assert str(caught.value).startswith(name) and str(caught.value).count("\n") == 0
    work = [path for path in (tmp_path / "work").iterdir() if path.stat().st_size > 2 * 10**6]
    assert not work


def test_a_tar_archive_and_a_locked_zip_are_named(tmp_path):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a"), io.BytesIO())
    for name, data in {"x.tar": file.getvalue(), "x.tgz": gzip.compress(file.getvalue())}.items():
        with pytest.raises(GraphError, match="is a tar archive"):
            unpacked(tmp_path, name, data)
    locked = bytearray(zipped({"a": TEXT}))
    locked[locked.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(GraphError, match="password"):
        unpacked(tmp_path, "locked.zip", bytes(locked))


def test_a_link_in_an_archive_is_refused(tmp_path):
    link = zipfile.ZipInfo("a.csv")
    link.external_attr = 0o120777 << 16
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(link, "/etc/hosts")
    with pytest.raises(GraphError, match="a link"):
        unpacked(tmp_path, "x.zip", file.getvalue())


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(GraphError, match=r"none\.csv is missing"):
        list(unpack([tmp_path / "none.csv"], tmp_path / "work"))
