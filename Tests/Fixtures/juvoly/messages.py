"""The service's messages, and the ways of writing JSON that say the same thing."""

import json
from typing import Any

from .recogniser import Utterance

SNOMED = {"system": "snomed", "code": "392570002", "description": "bevinding betreffende bloeddruk"}
ICPC = {"system": "icpc", "code": "K29", "description": "Andere symptomen/klachten hartvaatstelsel"}
ICPC_ZERO = {"system": "icpc", "code": "R05", "description": "Hoesten"}
THUISARTS = {"link": "https://www.thuisarts.nl/hoge-bloeddruk", "description": "Hoge bloeddruk", "origin": "Thuisarts"}
NHG = {
    "link": "https://richtlijnen.nhg.org/standaarden/cardiovasculair-risicomanagement", "description": "",
    "origin": "NHG",
}
PRESSURE = {"description": "Bloeddruk", "value": "140/90", "unit": "mmHg"}
WEIGHT = {"description": "Gewicht", "value": "82,5", "unit": "kg"}

READY = {"type": "ready"}
ERROR = {"type": "error", "message": "tijdelijk minder nauwkeurig", "code": 17}
UNKNOWN = [
    {"type": "diagnostics", "load": [0.5, None, {"deep": [[]]}], "completed": True},
    {"type": "transcriptMeta", "utterance": {"id": "0", "sentence": "niet tonen", "words": []}, "completed": True},
    {"type": "", "value": 1e300},
]


def transcript(identifier: str, utterance: Utterance, completed: bool) -> dict[str, Any]:
    """A transcript message with the keys in the order of the vendor's first sample."""
    words = [
        {"word": word, "start": round(max(start, 0), 2), "end": round(end, 2)} for word, start, end in utterance.words
    ]
    return {
        "type": "transcript",
        "utterance": {"id": identifier, "sentence": utterance.sentence, "words": words},
        "completed": completed,
    }


def information(**arrays: list[dict[str, str]]) -> dict[str, Any]:
    return {"type": "information", **arrays}


INFORMATION: dict[str, list[dict[str, Any]]] = {
    "once": [information(codings=[SNOMED, ICPC], resources=[THUISARTS, NHG], measurements=[PRESSURE])],
    "none": [],
    "snapshot": [
        information(codings=[SNOMED], resources=[], measurements=[]),
        information(codings=[SNOMED, ICPC_ZERO], resources=[NHG], measurements=[]),
        information(codings=[SNOMED, ICPC_ZERO], resources=[NHG], measurements=[PRESSURE, WEIGHT]),
    ],
    "additive": [
        information(codings=[SNOMED]),
        information(codings=[ICPC_ZERO], resources=[NHG]),
        information(measurements=[PRESSURE, WEIGHT]),
    ],
    "empty": [information(codings=[], resources=[], measurements=[]), information()],
    "unknown": [
        information(
            codings=[{**SNOMED, "system": "loinc", "version": 2}, ICPC],
            resources=[{**NHG, "origin": "RIVM", "language": None}],
            measurements=[{**PRESSURE, "unit": "", "at": 12.5}],
            allergies=[{"code": "x"}],
        ),
    ],
}


def summary(sentences: list[str], kind: str) -> list[dict[str, Any]]:
    """The answers to one summary request, built from what was said."""
    heard = " ".join(sentences)
    first = {"subjective": heard, "objective": "", "evaluation": "Niet gedefinieerd.", "plan": "Controle."}
    second = {"subjective": "Plekje op de voet.", "objective": "", "evaluation": "", "plan": "Verwijzing."}
    both = {"type": "summarySoep", "summary": {"episodes": [first, second]}}
    if kind == "empty":
        return [{"type": "summarySoep", "summary": {"episodes": []}}]
    if kind == "twice":
        return [both, {"type": "summarySoep", "summary": {"episodes": [first]}}]
    return [both]


def encode(value: Any, style: str) -> str:
    """A message as text in one of the styles, all of which mean the same to a tolerant reader."""
    if style == "reversed":
        return json.dumps(reversed_keys(value), ensure_ascii=False)
    if style == "pretty":
        return "\r\n" + json.dumps(value, ensure_ascii=False, indent="\t", separators=(" ,", " : ")) + " \n"
    if style == "trailing-comma":
        return trailing(value)
    if style == "escapes":
        return escaped(value)
    if style == "unknown-field":
        return json.dumps(with_more(value), ensure_ascii=False)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def reversed_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: reversed_keys(value[key]) for key in reversed(value)}
    return [reversed_keys(item) for item in value] if isinstance(value, list) else value


def with_more(value: Any) -> Any:
    """The same with fields nobody documented in every object, some named like fields of another level."""
    if isinstance(value, dict):
        more = {"x-new": None, "confidence": 0.93, "speaker": {"id": 1, "words": []}, "": [True]}
        return {**more, **{key: with_more(item) for key, item in value.items()}, "zz": "\"}],"}
    return [with_more(item) for item in value] if isinstance(value, list) else value


def trailing(value: Any) -> str:
    """Commas after the last member of every object and array, with and without a line break, as in the document."""
    if isinstance(value, dict):
        return "{" + "".join(f"{json.dumps(key)}: {trailing(item)},\n" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + "".join(f"{trailing(item)}," for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def escaped(value: Any) -> str:
    """Keys and strings with every character as \\uXXXX, numbers with exponents."""
    if isinstance(value, dict):
        return "{" + ",".join(f"{escaped(key)}:{escaped(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(escaped(item) for item in value) + "]"
    if isinstance(value, str):
        units = value.encode("utf-16-be").hex()
        return '"' + "".join(f"\\u{units[at:at + 4]}" for at in range(0, len(units), 4)) + '"'
    if isinstance(value, float):
        return f"{value * 100:.0f}E-2"
    return json.dumps(value)
