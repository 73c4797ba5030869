"""A folder of music: what is in it is found, what changes is noticed, what is broken or evil does no harm."""

import os
import pickle
import struct
import tempfile
from pathlib import Path

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mutagen.flac import FLAC
from mutagen.id3 import ID3, TIT2, Encoding

from alpenglow.cockpit.media import covers, tags
from alpenglow.cockpit.media.folder import Folder
from alpenglow.cockpit.media.library import Library, words
from alpenglow.cockpit.media.sources import SourceError
from tests.cockpit.media.tones import give_cover, png, sine, write

SHORT = sine(0.05)
SCRIPT = "<img src=x onerror=alert(1)>"


def looked(root: Path) -> Folder:
    folder = Folder(root)
    folder.look(lambda: None)
    return folder


def titles(folder: Folder) -> list[str]:
    listing = folder.browse("titles", 0, 500)
    assert listing is not None
    return [track.title for track in listing.tracks]


def found(folder: Folder, text: str) -> list[str]:
    return [track.title for track in folder.search(text, 50).tracks]


@pytest.fixture
def music(tmp_path: Path) -> Path:
    root = tmp_path / "music"
    write(root / "Édith/Olympia/1.flac", SHORT, title="Non, je ne regrette rien", artist="Édith Piaf", album="Olympia",
          tracknumber="2/9")  # fmt: skip
    write(root / "Édith/Olympia/2.flac", SHORT, title="Milord", artist="Édith Piaf", album="Olympia", tracknumber="1")
    write(root / "Øresund.mp3", SHORT, title="Straße nach Ærø", artist="Łódź", album="Öl")
    write(root / "zhou.ogg", SHORT)
    write(root / "cn.flac", SHORT, title="青花瓷", artist="周杰伦", album="我很忙")
    write(root / "plain.wav", SHORT)
    return root


# -- finding -----------------------------------------------------------------------------------------------------------


def test_music_of_all_kinds_is_found_and_sorted(music: Path) -> None:
    folder = looked(music)
    assert titles(folder) == ["Milord", "Non, je ne regrette rien", "plain", "Straße nach Ærø", "zhou", "青花瓷"]
    top = folder.browse("", 0, 10)
    assert top is not None
    assert [(shelf.id, shelf.tracks) for shelf in top.shelves] == [("albums", 3), ("artists", 3), ("titles", 6)]
    albums = folder.browse("albums", 0, 10)
    assert albums is not None
    olympia = albums.shelves[1]
    assert (olympia.title, olympia.subtitle, olympia.tracks) == ("Olympia", "Édith Piaf", 2)
    held = folder.browse(olympia.id, 0, 10)
    assert held is not None
    assert [track.title for track in held.tracks] == ["Milord", "Non, je ne regrette rien"]  # as numbered


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("edith", ["Milord", "Non, je ne regrette rien"]),
        ("REGRETTÉ", ["Non, je ne regrette rien"]),
        ("oly mil", ["Milord"]),
        ("strasse", ["Straße nach Ærø"]),
        ("aero", ["Straße nach Ærø"]),
        ("lodz", ["Straße nach Ærø"]),
        ("花", ["青花瓷"]),
        ("杰伦", ["青花瓷"]),
        ("gibtesnicht", []),
        ("", []),
        ("!!", []),
    ],
)
def test_search_takes_beginnings_of_words_without_accents(music: Path, text: str, expected: list[str]) -> None:
    assert found(looked(music), text) == expected


def test_search_also_finds_albums_and_artists(music: Path) -> None:
    assert [shelf.title for shelf in looked(music).search("olym", 10).shelves] == ["Olympia"]
    assert [shelf.title for shelf in looked(music).search("edith", 10).shelves] == ["Édith Piaf"]


@given(st.text(max_size=60))
def test_words_of_any_text_are_found_by_their_beginnings(text: str) -> None:
    for word in words(text):
        assert word
        assert words(word) == [word]


def test_an_album_of_two_discs_by_several_artists_is_one(tmp_path: Path) -> None:
    for disc, number in ((2, 1), (1, 2), (1, 1)):
        write(tmp_path / f"{disc}-{number}.flac", SHORT, title=f"{disc}.{number}", artist=f"Guest {number}",
              albumartist="Band", album="Double", discnumber=str(disc), tracknumber=f"{number}")  # fmt: skip
    folder = looked(tmp_path)
    albums = folder.browse("albums", 0, 10)
    assert albums is not None
    [double] = albums.shelves
    held = folder.browse(double.id, 0, 10)
    assert held is not None
    assert [track.title for track in held.tracks] == ["1.1", "1.2", "2.1"]


# -- changes -----------------------------------------------------------------------------------------------------------


def test_what_changes_is_noticed_and_only_that_is_read_again(music: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, calls = looked(music), []
    real = tags.read
    monkeypatch.setattr(tags, "read", lambda path: (calls.append(path.name), real(path))[1])
    changes: list[str] = []
    assert not folder.look(lambda: changes.append("x"))
    assert (calls, changes) == ([], [])
    write(music / "new.flac", SHORT, title="Brand new")
    (music / "plain.wav").unlink()
    file = FLAC(music / "cn.flac")
    file["title"] = "东风破"
    file.save()
    assert folder.look(lambda: changes.append("x"))
    assert sorted(calls) == ["cn.flac", "new.flac"]
    assert changes == ["x"]
    assert "plain" not in titles(folder)
    assert found(folder, "东") == ["东风破"]
    assert found(folder, "brand") == ["Brand new"]


def test_a_folder_that_goes_and_comes_back(music: Path) -> None:
    folder = looked(music)
    music.rename(music.with_name("away"))
    folder.look(lambda: None)
    assert titles(folder) == []
    assert folder.problems
    music.with_name("away").rename(music)
    folder.look(lambda: None)
    assert len(titles(folder)) == 6
    assert not folder.problems


# -- what is broken ----------------------------------------------------------------------------------------------------


def test_damaged_and_foreign_files_are_skipped_and_listed(music: Path) -> None:
    (music / "empty.mp3").write_bytes(b"")
    (music / "noise.flac").write_bytes(os.urandom(4000))
    (music / "cut.ogg").write_bytes((music / "zhou.ogg").read_bytes()[:40])
    (music / "apple.m4a").write_bytes(b"\0\0\0\x20ftypM4A " + bytes(100))
    (music / "notes.txt").write_text("no music")
    (music / ".hidden.mp3").write_bytes(b"x")
    folder = looked(music)
    assert len(titles(folder)) == 6
    assert sorted(folder.problems) == ["apple.m4a", "cut.ogg", "empty.mp3", "noise.flac"]
    assert all(problem.why for problem in folder.listed_problems(10))


@pytest.mark.parametrize("suffix", [".flac", ".mp3", ".ogg", ".wav"])
def test_no_damage_to_a_file_stops_the_look(tmp_path: Path, suffix: str) -> None:
    whole = write(tmp_path / f"a{suffix}", SHORT, title="T").read_bytes()
    for at in range(0, min(len(whole), 600), 7):
        (tmp_path / f"b{suffix}").write_bytes(whole[:at] + b"\xff\x00\xff" + whole[at + 3 :])
        folder = looked(tmp_path)
        assert "a" in {Path(t.uri).stem.removeprefix("folder:") for t in folder.browse("titles", 0, 9).tracks}  # type: ignore[union-attr]
        msgspec.json.encode(folder.browse("titles", 0, 9))


def test_a_folder_without_permission_is_listed_and_the_rest_plays() -> None:
    # Root may read everything, so a child process gives up being root before it looks.
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        root.chmod(0o755)
        write(root / "open/a.flac", SHORT, title="Open")
        write(root / "closed/b.flac", SHORT, title="Closed")
        secret = write(root / "open/c.flac", SHORT, title="Secret")
        (root / "closed").chmod(0)
        secret.chmod(0)
        reading, writing = os.pipe()
        if (child := os.fork()) == 0:
            if os.geteuid() == 0:
                os.seteuid(65534)
            folder = looked(root)
            os.write(writing, pickle.dumps((titles(folder), folder.problems)))
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            found_titles, problems = pickle.loads(pipe.read())
        os.waitpid(child, 0)
        (root / "closed").chmod(0o755)
    assert found_titles == ["Open"]
    assert set(problems) == {"closed", "open/c.flac"}
    assert "permission" in problems["closed"]


def test_links_out_of_the_folder_are_not_followed(music: Path, tmp_path: Path) -> None:
    outside = write(tmp_path / "outside/secret.flac", SHORT, title="Secret")
    (music / "link.flac").symlink_to(outside)
    (music / "linked").symlink_to(outside.parent)
    folder = looked(music)
    assert found(folder, "secret") == []
    for uri in ("folder:../outside/secret.flac", "folder:%2e%2e/outside/secret.flac", f"folder:{outside}"):
        assert folder.track(uri) is None
        with pytest.raises(SourceError):
            folder.open(uri, 0.0)


# -- other people's text -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".flac", ".mp3"])
def test_a_title_of_a_megabyte_is_cut(tmp_path: Path, suffix: str) -> None:
    write(tmp_path / f"a{suffix}", SHORT, title="x" * 1_000_000, artist=SCRIPT)
    [track] = looked(tmp_path).browse("titles", 0, 9).tracks  # type: ignore[union-attr]
    assert len(track.title) == 200
    assert track.artist == SCRIPT  # text, shown as text


def test_control_characters_and_direction_overrides_are_taken_out(tmp_path: Path) -> None:
    write(tmp_path / "a.flac", SHORT, title="Safe\u202egpj.exe\x07\r\nsecond\u2028line\x00")
    assert titles(looked(tmp_path)) == ["Safegpj.exe second line"]


def test_wrong_encodings_are_read_as_well_as_they_can_be(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", SHORT)
    for declared in (1, 2, 3):
        body = bytes([declared]) + b"M\xfcnchen \xd8\x00\xff"
        frame = b"TIT2" + struct.pack(">I", len(body)) + b"\0\0" + body
        head = b"ID3\x03\0\0" + bytes([0, 0, 0, len(frame)])
        sound = path.read_bytes()
        (tmp_path / f"b{declared}.mp3").write_bytes(head + frame + sound)
    folder = looked(tmp_path)
    assert len(titles(folder)) + len(folder.problems) == 4
    msgspec.json.encode(folder.browse("titles", 0, 9))
    tags_latin = ID3()
    tags_latin.add(TIT2(encoding=Encoding.LATIN1, text="M\xfcnchen"))
    tags_latin.save(path)
    assert "München" in titles(looked(tmp_path))


@given(st.text(max_size=400))
@example("0\r\x1b 0")
@example("a" * 199 + " b")
def test_any_text_becomes_one_clean_line(text: str) -> None:
    line = tags.clean(text)
    assert len(line) <= 200
    assert line == line.strip()
    assert not any(c in line for c in "\n\r\0\u2028\u2029\u202e\u2066")
    line.encode()
    assert tags.clean(line) == line


def test_a_name_that_is_not_utf_8_is_listed(tmp_path: Path) -> None:
    path = write(tmp_path / "a.flac", SHORT)
    path.rename(os.fsdecode(bytes(tmp_path) + b"/b\xff.flac"))
    folder = looked(tmp_path)
    assert titles(folder) == []
    [problem] = folder.listed_problems(9)
    assert "UTF-8" in problem.why
    msgspec.json.encode(problem)


# -- covers ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", [".flac", ".mp3"])
def test_a_cover_is_kept_under_the_digest_of_its_bytes(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"a{suffix}", SHORT, title="T")
    give_cover(path, png())
    folder = looked(tmp_path)
    [track] = folder.browse("titles", 0, 9).tracks  # type: ignore[union-attr]
    assert track.cover == covers.id_of(png())
    assert folder.cover(track.cover) == png()
    assert folder.cover("../../etc/passwd") is None


def test_a_picture_beside_the_music_is_its_cover(tmp_path: Path) -> None:
    write(tmp_path / "a.wav", SHORT)
    (tmp_path / "cover.png").write_bytes(png(32, 32))
    [track] = looked(tmp_path).browse("titles", 0, 9).tracks  # type: ignore[union-attr]
    assert track.cover == covers.id_of(png(32, 32))


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><script>alert(1)</script>",
        b"",
        b"\x89PNG\r\n\x1a\n<script>",
        png(4, 4),
        png(16, 5000),
        png()[:-20],
        b"\xff\xd8\xff\xe0" + bytes(50),
        png() + bytes(covers.MOST_BYTES),
        b"GIF89a" + bytes(40),
    ],
    ids=["svg", "html", "empty", "fake png", "tiny", "huge", "cut", "no jpeg", "too many bytes", "gif"],
)
def test_what_is_no_picture_is_no_cover(tmp_path: Path, data: bytes) -> None:
    path = write(tmp_path / "a.flac", SHORT, title="T")
    give_cover(path, data)
    [track] = looked(tmp_path).browse("titles", 0, 9).tracks  # type: ignore[union-attr]
    assert track.cover == ""


def test_a_jpeg_tells_its_size() -> None:
    frame = b"\xff\xc0\x00\x11\x08" + struct.pack(">HH", 300, 400) + bytes(10)
    data = b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(10) + frame + b"\xff\xd9"
    assert covers.verified(data) == covers.Picture("image/jpeg", 400, 300)


@given(st.binary(max_size=300))
def test_no_bytes_upset_the_verifier(data: bytes) -> None:
    for start in (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"):
        covers.verified(start + data)


def test_a_cover_that_was_replaced_is_not_given_under_the_old_name(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", SHORT)
    picture = path.with_name("cover.png")
    picture.write_bytes(png())
    folder = looked(tmp_path)
    picture.write_bytes(png(64, 64))
    assert folder.cover(covers.id_of(png())) is None


# -- size --------------------------------------------------------------------------------------------------------------


@pytest.fixture
def library(music: Path) -> Library:
    return looked(music)._library


def test_a_listing_is_given_in_parts(library: Library) -> None:
    whole, part = library.browse("titles", 0, 500), library.browse("titles", 2, 2)
    assert whole is not None
    assert part is not None
    assert part.tracks == whole.tracks[2:4]
    assert part.total == 6
    assert library.browse("album/nope", 0, 9) is None
