"""The virtual microphone of `Tests/VirtualMicrophone` as a child process needs it."""

from pathlib import Path

PLUGIN = "libasound_module_pcm_vmic.so"


def plugin(steno: Path) -> Path:
    """The build puts the plugin beside the program."""
    path = steno.resolve().parent / PLUGIN
    if not path.exists():
        raise SystemExit(f"'{path}' is not there. Build it: swift build --product asound_module_pcm_vmic")
    return path


def microphone(folder: Path, pcm: bytes, steno: Path) -> dict[str, str]:
    """A 16 kHz microphone that hears these samples and then silence; returns what opens it as `default`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sound").write_bytes(pcm)
    (folder / "control").touch()
    settings = {
        "journal": f'"{folder}/journal"', "infile": f'"{folder}/sound"', "after": "silence", "format": '"S16_LE"',
        "rate": '"16000"', "channels": '"1"', "speed": '"1.0"',
    }
    lines = "".join(f"{name} {value}\n" for name, value in settings.items())
    (folder / "microphone.conf").write_text(lines, encoding="utf-8")
    (folder / "asound.conf").write_text(
        f'</usr/share/alsa/alsa.conf>\npcm_type.vmic {{ lib "{plugin(steno)}" }}\n'
        f'pcm.!default {{ type vmic settings "{folder}/microphone.conf" }}\n',
        encoding="utf-8",
    )
    return {"ALSA_CONFIG_PATH": str(folder / "asound.conf")}
