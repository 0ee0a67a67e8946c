"""Makes the fonts of this folder from Liberation Serif: see README.md.

    pip install fonttools==4.68.0
    python3 core/assets/make.py sandbox/assets core/assets
"""

import pathlib
import sys

from fontTools import subset, ttLib

# Latin with every Vietnamese letter in one piece, the combining marks left out (texts are brought
# into NFC), punctuation, the signs of currency and number that state documents hold.
CHARACTERS = (
    "U+0020-007E,U+00A0-017F,U+0192,U+01A0-01A1,U+01AF-01B0,U+01CD-01DC,U+0218-021B,"
    "U+02C6-02C7,U+02D8-02DD,U+1EA0-1EF9,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+2030,"
    "U+2032-2033,U+2039-203A,U+2044,U+20AB,U+20AC,U+2116,U+2122,U+2190-2193,U+2212,U+2248,"
    "U+2260,U+2264-2265"
)
# The licence reserves the name Liberation for the unchanged files.
FAMILY = "Kyso Serif"


def make(source: pathlib.Path, target: pathlib.Path, style: str) -> None:
    font = ttLib.TTFont(source, recalcTimestamp=False)
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "kern", "DSIG", "FFTM", "gasp", "PCLT"]
    options.name_IDs = [0, 7, 13, 14]
    options.glyph_names = False
    options.notdef_outline = True
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=subset.parse_unicodes(CHARACTERS))
    subsetter.subset(font)
    name = font["name"]
    postscript = FAMILY.replace(" ", "") + "-" + style
    words = {1: FAMILY, 2: style, 3: postscript, 4: f"{FAMILY} {style}", 6: postscript}
    for identifier, text in words.items():
        name.setName(text, identifier, 3, 1, 0x409)
    font.save(target)


def main() -> None:
    source, target = map(pathlib.Path, sys.argv[1:])
    for style in ("Regular", "Bold", "Italic"):
        make(source / f"LiberationSerif-{style}.ttf", target / f"KysoSerif-{style}.ttf", style)


main()
