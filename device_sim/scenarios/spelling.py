"""What is wrong with the signs of a file - spaces, dashes, colons, quotes, brackets - said to whoever typed it.

A reader of YAML says “expected <block end>” where somebody forgot a space. Nobody who writes a scenario must know what
that means, so its words never leave this module: each is taken for what people really do wrong.
"""

import re

import yaml

from device_sim.scenarios.mistakes import Mark, Mistake

#: A name, its colon, and at once something else: “who:li”. Not a time (no letter before) and not an address (“//”).
_NO_SPACE = re.compile(r"\s*(?:- +)?([A-Za-z][A-Za-z _-]*):(?!//)([^\s:].*)")
_NO_SPACE_AFTER_DASH = re.compile(r"\s*-([A-Za-z][A-Za-z _-]*:.*)")
#: So many lines before the one where the reader gave up are looked at: it often sees a slip only in the next line.
LINES_BEFORE = 2


def unspaced(said: str) -> tuple[str, str] | None:
    """Return what is wrong and the remedy where a name was read with its value, or with its dash; else None."""
    if found := _NO_SPACE_AFTER_DASH.fullmatch(f"{said}:" if said.startswith("-") and ":" not in said else said):
        written = found[1].removesuffix(":") if ":" not in said else found[1]
        return "A space after the dash is missing.", f"Write “- {written}”: a dash, then a space after the dash."
    if found := _NO_SPACE.fullmatch(said):
        wrong = f"A space after the colon is missing in “{said.strip()}”."
        return wrong, f"Write “{found[1]}: {found[2].strip()}”, with a space after the colon."
    return None


def unreadable(error: yaml.MarkedYAMLError, text: str, file: str) -> Mistake:
    """Return a reader's complaint as what people really did wrong, at the place that has to be mended."""
    given_up = error.problem_mark or error.context_mark
    opened, within = error.context_mark, str(error.context)
    line, column = (given_up.line + 1, given_up.column + 1) if given_up else (1, 1)
    slip = _slip(text, line, file)
    if slip is not None:
        return slip
    problem = str(error.problem)
    if opened and ("flow" in within or "quoted scalar" in within):  # where it began is what has to be mended
        return _not_closed(Mark(file, opened.line + 1, opened.column + 1), within, problem)
    if opened and "simple key" in within:  # the line without a colon, not the next one
        line, column = opened.line + 1, opened.column + 1
    return Mistake(Mark(file, line, column), *_plainly(problem))


def _slip(text: str, line: int, file: str) -> Mistake | None:
    """Return a slip of the keyboard in this line or just before it, the nearest first."""
    lines = text.splitlines()
    near = [number for number in range(line, line - LINES_BEFORE - 1, -1) if 0 < number <= len(lines)]
    for number in near[:2]:
        said = lines[number - 1]
        if "\t" in said:
            return Mistake(
                Mark(file, number, said.index("\t") + 1),
                "A tab stands here.",
                "Indent with spaces; two for each level.",
            )
        if "：" in said:
            place = Mark(file, number, said.index("：") + 1)
            return Mistake(place, "A full-width colon “：” stands here.", "Type an ordinary colon “:” and a space.")
    for number in near:
        said = lines[number - 1]
        told = unspaced(said)
        if told is not None:
            return Mistake(Mark(file, number, len(said) - len(said.lstrip()) + 1), *told)
    return None


def _not_closed(mark: Mark, within: str, problem: str) -> Mistake:
    if "quoted" in within and "escape" in problem:
        return Mistake(mark, "In the quotes opened here stands a backslash.", "Use single quotes “'” around this text.")
    if "quoted" in within:
        return Mistake(mark, "Quotes are opened here and not closed.", "Close the quotes.")
    remedy = "Each “[” needs its “]”, each “{” its “}”, with commas between, and quotes around a text with “: ”."
    return Mistake(mark, "In the bracket opened here something is missing.", remedy)


def _plainly(problem: str) -> tuple[str, str]:
    if "mapping values" in problem:
        wrong = "A colon and a space stand here, where no name can be."
        return (
            wrong,
            "A text with “: ” in it needs quotes around it; a name begins a line of its own, indented as its like.",
        )
    if "block end" in problem or "block entry" in problem or "'?'" in problem:
        wrong = "This line is not indented as those it belongs to."
        return (
            wrong,
            "What belongs together begins in the same column; after “- ” the next names stand under the first.",
        )
    if "expected ':'" in problem:
        return "This line has no colon after its name.", "Write “name: value”, with a space after the colon."
    if "cannot start any token" in problem:
        return "No value can begin with this sign.", "Put quotes around the value."
    return (
        "This line cannot be read.",
        "Look at its signs and its indentation; a text with “: ”, “#”, “&” or “!” needs quotes.",
    )
