"""Music in a whole running car: signals, the door, services, covers, favourites, and what a restart keeps."""

import os
import signal
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from websockets.sync.client import connect

from tests.cockpit.media.conftest import SCRIPT, Connected
from tests.cockpit.media.tones import png, sine, write
from tests.running import Stack

MEDIA = "Vehicle.Cabin.Infotainment.Media"
OURS = "Vehicle.Alpenglow.Cockpit.Media"


def album(page: Connected, title: str) -> list[str]:
    """The addresses of an album's tracks, in their order."""
    shelves = page.call("cockpit.media_browse", source="folder", shelf="albums")["shelves"]
    shelf = next(shelf["id"] for shelf in shelves if shelf["title"] == title)
    return [track["uri"] for track in page.call("cockpit.media_browse", source="folder", shelf=shelf)["tracks"]]


def test_the_library_tells_what_it_has_and_what_is_broken(connected: Connected) -> None:
    library = connected.call("cockpit.media_library")
    assert library["tracks"] == 15
    assert [problem["where"] for problem in library["problems"]] == ["broken.mp3"]
    [folder_albums, *_] = connected.call("cockpit.media_browse")["shelves"]
    assert (folder_albums["source"], folder_albums["id"]) == ("folder", "albums")
    albums = connected.call("cockpit.media_browse", source="folder", shelf="albums")["shelves"]
    assert [album["title"] for album in albums] == ["Album 0", "Album 1", "Album 2", SCRIPT, "Shorts"]
    with pytest.raises(AssertionError, match="no longer there"):
        connected.call("cockpit.media_browse", source="folder", shelf="nope")


def test_playing_tells_what_plays(connected: Connected) -> None:
    tracks = album(connected, "Album 1")
    connected.call("cockpit.media_play", uris=tracks, at=1)
    connected.until(lambda v: v.get(f"{OURS}.State") == "PLAYING" and v.get(f"{OURS}.Position", 0) >= 1)
    values = connected.values
    assert values[f"{MEDIA}.Played.Track"] == "Song 2 of 1"
    assert values[f"{MEDIA}.Played.Artist"] == "Band 1"
    assert values[f"{MEDIA}.Played.Album"] == "Album 1"
    assert values[f"{MEDIA}.Played.Genre"] == "Test"
    assert values[f"{MEDIA}.Played.Source"] == "DISK"
    assert values[f"{MEDIA}.Played.PlaybackRate"] == 1.0
    assert values[f"{OURS}.Duration"] == 20.0
    queue = connected.call("cockpit.media_queue", start=0)
    assert [entry["track"]["title"] for entry in queue["entries"]] == [f"Song {n} of 1" for n in (1, 2, 3, 4)]
    assert queue["current"] == queue["entries"][1]["id"]


def test_the_door_moves_the_player(connected: Connected) -> None:
    tracks = album(connected, "Album 2")
    assert connected.actuate(f"{MEDIA}.SelectedURI", tracks[0])["state"] == "confirmed"
    connected.until(lambda v: v[f"{MEDIA}.Played.URI"] == tracks[0] and v[f"{OURS}.State"] == "PLAYING")
    connected.call("cockpit.media_add", uris=tracks[1:])
    assert connected.actuate(f"{MEDIA}.Action", "SKIP_FORWARD")["state"] == "confirmed"
    connected.until(lambda v: v[f"{MEDIA}.Played.URI"] == tracks[1])
    assert connected.actuate(f"{MEDIA}.Played.PlaybackRate", 0)["state"] == "confirmed"
    connected.until(lambda v: v[f"{OURS}.State"] == "PAUSED")
    assert connected.actuate(f"{MEDIA}.Action", "PLAY")["state"] == "confirmed"
    connected.until(lambda v: v[f"{OURS}.State"] == "PLAYING")
    assert connected.actuate(f"{MEDIA}.Action", "FAST_FORWARD")["state"] == "confirmed"
    connected.until(lambda v: v[f"{OURS}.Position"] >= 10)
    assert connected.actuate(f"{MEDIA}.Action", "STOP")["state"] == "confirmed"
    connected.until(lambda v: v[f"{OURS}.State"] == "STOPPED" and v[f"{OURS}.Position"] == 0)


def test_what_the_player_cannot_do_is_refused_in_words(connected: Connected) -> None:
    for path, value, says in (
        (f"{MEDIA}.SelectedURI", "folder:gone.mp3", "no track"),
        (f"{MEDIA}.Played.PlaybackRate", 2.5, "own speed"),
        (f"{MEDIA}.Played.Source", "FM", "no FM"),
    ):
        outcome = connected.actuate(path, value)
        assert outcome["state"] == "refused"
        assert says in outcome["message"]


def test_a_short_queue_plays_on_by_itself(connected: Connected) -> None:
    connected.call("cockpit.media_play", uris=album(connected, "Shorts"))
    connected.until(lambda v: v[f"{MEDIA}.Played.Track"] == "Short two")
    connected.until(lambda v: v[f"{OURS}.State"] == "STOPPED")


def test_ducking_and_volumes_are_taken(connected: Connected) -> None:
    connected.call("cockpit.duck_media", seconds=0.5)
    assert connected.actuate(f"{MEDIA}.Volume", 55)["state"] == "confirmed"
    assert connected.actuate(f"{OURS}.Balance", -40)["state"] == "confirmed"
    assert connected.actuate(f"{OURS}.Zone.Rear.Volume", 20)["state"] == "confirmed"
    assert connected.call("cockpit.media_queue")["zones"] == []  # two speakers: one zone


def test_covers_are_pictures_or_nothing(connected: Connected, playing_car: Stack) -> None:
    track = connected.call("cockpit.media_search", text="song 2 of 1")["tracks"][0]
    address = playing_car.centre_url.rsplit("/", 1)[0] + "/cover/"
    with urllib.request.urlopen(address + track["cover"]) as answer:
        assert answer.headers["Content-Type"] == "image/png"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.read() == png(64, 64, 120)
    for wrong in ("nope", "..%2f..%2fetc%2fpasswd", "0" * 24):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(address + wrong)


def test_tags_that_would_be_a_program_stay_text(connected: Connected) -> None:
    [track] = connected.call("cockpit.media_search", text="onerror")["tracks"]
    assert track["title"] == SCRIPT
    assert len(track["artist"]) == 200


def test_the_queue_is_changed_by_hand(connected: Connected) -> None:
    tracks = album(connected, "Album 0")
    connected.call("cockpit.media_play", uris=tracks[:2])
    connected.call("cockpit.media_add", uris=tracks[2:3], soon=True)
    queue = connected.call("cockpit.media_queue", start=0)
    assert [entry["track"]["uri"] for entry in queue["entries"]] == [tracks[0], tracks[2], tracks[1]]
    last = queue["entries"][2]["id"]
    connected.call("cockpit.media_move", entry=last, to=1)
    connected.call("cockpit.media_remove", entry=queue["entries"][1]["id"])
    connected.call("cockpit.media_order", shuffle=False, repeat="all")
    connected.call("cockpit.media_go", entry=last)
    queue = connected.call("cockpit.media_queue", start=0)
    assert [entry["track"]["uri"] for entry in queue["entries"]] == tracks[:2]
    assert (queue["current"], queue["repeat"]) == (last, "all")
    connected.call("cockpit.media_clear")
    assert connected.call("cockpit.media_queue")["total"] == 1
    with pytest.raises(AssertionError, match="no track"):
        connected.call("cockpit.media_play", uris=["folder:nope.mp3"])


def test_favourites_and_the_queue_are_back_after_a_crash_of_the_cockpit(
    connected: Connected, playing_car: Stack
) -> None:
    tracks = album(connected, "Album 1")
    connected.call("cockpit.media_favour", uri=tracks[2], favourite=True)
    connected.call("cockpit.media_favour", uri=tracks[0], favourite=True)
    connected.call("cockpit.media_favour", uri=tracks[0], favourite=False)
    connected.call("cockpit.media_play_shelf", source="", shelf="favourites")
    # The place is kept every five seconds.
    connected.until(lambda v: v[f"{MEDIA}.Played.URI"] == tracks[2] and v[f"{OURS}.Position"] >= 7)
    pid = playing_car.pid("cockpit")
    os.kill(pid, signal.SIGKILL)
    playing_car.until_back("cockpit", pid)
    with connect(playing_car.websocket_url("centre"), max_size=None) as socket:
        again = Connected(socket)
        again.until(lambda v: v.get(f"{MEDIA}.Played.URI") == tracks[2])
        assert again.values[f"{OURS}.State"] == "STOPPED"
        assert again.values[f"{OURS}.Position"] > 0
        assert [track["uri"] for track in again.call("cockpit.media_favourites")] == [tracks[2]]
        assert again.call("cockpit.media_queue")["entries"][0]["track"]["favourite"]


def test_new_music_is_found_while_the_car_runs(connected: Connected, playing_car: Stack) -> None:
    write(playing_car.folder / "music" / "late.flac", sine(0.2), title="Latecomer")
    deadline = time.monotonic() + 20
    while not connected.call("cockpit.media_search", text="latecomer")["tracks"]:
        assert time.monotonic() < deadline
        time.sleep(0.2)


def test_a_car_without_music_runs(tmp_path: Path) -> None:
    with (
        Stack(tmp_path, "--option", "media=/nowhere/at/all", "--option", "sound=none") as stack,
        connect(stack.websocket_url("centre")) as socket,
    ):
        page = Connected(socket)
        assert page.call("cockpit.media_library")["tracks"] == 0
        outcome = page.actuate(f"{MEDIA}.Action", "PLAY")
        assert (outcome["state"], outcome["message"]) == ("refused", "There is no music here to play.")
        assert page.call("cockpit.media_queue")["entries"] == []
