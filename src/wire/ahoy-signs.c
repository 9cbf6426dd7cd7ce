/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Tells which characters look like which. The tables are ours: UTS #39 has a few of these only, as it is about letters. */

#include "wire/ahoy-signs.h"

#include <unicode/uchar.h>

typedef struct {
  gunichar first;
  gunichar last;
} Range;

static const Range stars[] = {
  { '*', '*' },
  { 0x066d, 0x066d },   /* ARABIC FIVE POINTED STAR: UTS #39 */
  { 0x203b, 0x203b },   /* REFERENCE MARK */
  { 0x2042, 0x2042 },   /* ASTERISM */
  { 0x204e, 0x204e },   /* LOW ASTERISK: UTS #39 */
  { 0x2051, 0x2051 },   /* TWO ASTERISKS ALIGNED VERTICALLY */
  { 0x2055, 0x2055 },   /* FLOWER PUNCTUATION MARK */
  { 0x205c, 0x205c },   /* DOTTED CROSS */
  { 0x2217, 0x2217 },   /* ASTERISK OPERATOR: UTS #39 */
  { 0x229b, 0x229b },   /* CIRCLED ASTERISK OPERATOR */
  { 0x22c6, 0x22c7 },   /* STAR OPERATOR, DIVISION TIMES */
  { 0x235f, 0x235f },   /* APL CIRCLE STAR */
  { 0x2363, 0x2363 },   /* APL STAR DIAERESIS */
  { 0x2605, 0x2606 },   /* BLACK STAR, WHITE STAR */
  { 0x269d, 0x269d },   /* OUTLINED WHITE STAR */
  { 0x26b9, 0x26b9 },   /* SEXTILE */
  { 0x26e4, 0x26e7 },   /* pentagrams */
  { 0x2721, 0x2727 },   /* dingbats: STAR OF DAVID to WHITE FOUR POINTED STAR */
  { 0x2729, 0x274b },   /* and on, without SPARKLES, to the asterisks, flowers and snowflakes */
  { 0x29c6, 0x29c6 },   /* SQUARED ASTERISK */
  { 0x2b51, 0x2b52 },   /* BLACK SMALL STAR, WHITE SMALL STAR */
  { 0x2be8, 0x2beb },   /* stars that are half black */
  { 0xa673, 0xa673 },   /* SLAVONIC ASTERISK */
  { 0xfe61, 0xfe61 },   /* SMALL ASTERISK */
  { 0xff0a, 0xff0a },   /* FULLWIDTH ASTERISK */
  { 0x1031f, 0x1031f }, /* OLD ITALIC LETTER ESS: UTS #39 */
  { 0x10af0, 0x10af0 }, /* MANICHAEAN PUNCTUATION STAR */
  { 0x1f7af, 0x1f7d4 }, /* asterisks and stars of all weights */
  { 0x1f7d9, 0x1f7d9 }, /* NINE POINTED WHITE STAR */
};

static const Range brackets[] = {
  { '[', '[' },
  { 0x2045, 0x2045 }, /* with quill */
  { 0x228f, 0x228f }, /* SQUARE IMAGE OF */
  { 0x2308, 0x2308 }, /* ceiling, floor: half of one */
  { 0x230a, 0x230a },
  { 0x231c, 0x231c }, /* corners */
  { 0x231e, 0x231e },
  { 0x23a1, 0x23a3 }, /* pieces of a tall one */
  { 0x23b4, 0x23b4 },
  { 0x23be, 0x23be }, /* dentistry */
  { 0x250c, 0x250f }, /* the box's corners */
  { 0x2552, 0x2554 },
  { 0x256d, 0x256d },
  { 0x2772, 0x2772 }, /* tortoise shell */
  { 0x27e6, 0x27e6 }, /* white, and so on */
  { 0x27ec, 0x27ec },
  { 0x298b, 0x298b },
  { 0x298d, 0x298d },
  { 0x298f, 0x298f },
  { 0x2997, 0x2997 },
  { 0x2e22, 0x2e22 }, /* half brackets */
  { 0x2e24, 0x2e24 },
  { 0x2e55, 0x2e55 },
  { 0x2e57, 0x2e57 },
  { 0x300c, 0x300c }, /* East Asian: corner, lenticular, tortoise shell, white */
  { 0x300e, 0x300e },
  { 0x3010, 0x3010 },
  { 0x3014, 0x3014 },
  { 0x3016, 0x3016 },
  { 0x3018, 0x3018 },
  { 0x301a, 0x301a },
  { 0xfe17, 0xfe17 }, /* forms of these for columns, small, wide and narrow ones */
  { 0xfe39, 0xfe39 },
  { 0xfe3b, 0xfe3b },
  { 0xfe41, 0xfe41 },
  { 0xfe43, 0xfe43 },
  { 0xfe47, 0xfe47 },
  { 0xfe5d, 0xfe5d },
  { 0xff3b, 0xff3b },
  { 0xff62, 0xff62 },
};

/* All but the wide ones are in UTS #39 or are its PRESENTATION FORMS' and SMALL relatives. */
static const Range colons[] = {
  { ':', ':' },
  { 0x02d0, 0x02d0 }, /* MODIFIER LETTER TRIANGULAR COLON */
  { 0x02f8, 0x02f8 }, /* MODIFIER LETTER RAISED COLON */
  { 0x0589, 0x0589 }, /* ARMENIAN FULL STOP */
  { 0x05c3, 0x05c3 }, /* HEBREW PUNCTUATION SOF PASUQ */
  { 0x0703, 0x0704 }, /* SYRIAC SUPRALINEAR COLON, SUBLINEAR COLON */
  { 0x0903, 0x0903 }, /* the Indian visargas */
  { 0x0983, 0x0983 },
  { 0x0a03, 0x0a03 },
  { 0x0a83, 0x0a83 },
  { 0x0b03, 0x0b03 },
  { 0x0c03, 0x0c03 },
  { 0x0c83, 0x0c83 },
  { 0x0d03, 0x0d03 },
  { 0x0d83, 0x0d83 },
  { 0x0f7f, 0x0f7f },
  { 0x1038, 0x1038 },
  { 0x16ec, 0x16ec }, /* RUNIC MULTIPLE PUNCTUATION */
  { 0x17c7, 0x17c8 },
  { 0x1803, 0x1803 },   /* MONGOLIAN FULL STOP */
  { 0x1809, 0x1809 },   /* MONGOLIAN MANCHU FULL STOP */
  { 0x1365, 0x1366 },   /* ETHIOPIC COLON, PREFACE COLON */
  { 0x1361, 0x1361 },   /* ETHIOPIC WORDSPACE */
  { 0x205a, 0x205a },   /* TWO DOT PUNCTUATION */
  { 0x2236, 0x2237 },   /* RATIO, PROPORTION */
  { 0x2982, 0x2982 },   /* Z NOTATION TYPE COLON */
  { 0xa4fd, 0xa4fd },   /* LISU LETTER TONE MYA JEU */
  { 0xa6f4, 0xa6f4 },   /* BAMUM COLON */
  { 0xa789, 0xa789 },   /* MODIFIER LETTER COLON */
  { 0x10781, 0x10782 }, /* MODIFIER LETTER SUPERSCRIPT TRIANGULAR COLONs */
  { 0x12471, 0x12471 }, /* CUNEIFORM PUNCTUATION SIGN VERTICAL COLON */
  { 0x1d108, 0x1d108 }, /* MUSICAL SYMBOL REPEAT DOTS */
};

static const Range wide_colons[] = {
  { 0xfe13, 0xfe13 }, /* PRESENTATION FORM FOR VERTICAL COLON */
  { 0xfe30, 0xfe30 }, /* PRESENTATION FORM FOR VERTICAL TWO DOT LEADER */
  { 0xfe55, 0xfe55 }, /* SMALL COLON */
  { 0xff1a, 0xff1a }, /* FULLWIDTH COLON */
};

static const Range lines[] = {
  { 0x0305, 0x0305 }, /* overlines and low lines */
  { 0x0332, 0x0333 },
  { 0x0334, 0x0338 }, /* strokes */
  { 0x033f, 0x033f },
  { 0x035e, 0x035f }, /* over two letters */
  { 0x0488, 0x0489 }, /* Cyrillic wreaths */
  { 0x1abe, 0x1abe },
  { 0x20d2, 0x20d3 }, /* more strokes, rings, arrows */
  { 0x20d8, 0x20da },
  { 0x20dd, 0x20e0 }, /* frames; not the keycap, which is in emoji */
  { 0x20e2, 0x20e2 },
  { 0x20e4, 0x20e6 },
  { 0x20ea, 0x20eb },
  { 0xa670, 0xa672 },
  { 0xfe20, 0xfe2f }, /* halves of what is over two letters */
};

/* A run of characters that are drawn like others that follow each other, too. */
typedef struct {
  gunichar first;
  gunichar last;
  gunichar like;
} Drawing;

static const Drawing drawings[] = {
  { 0x00b4, 0x00b4, '\'' }, /* accents that stand alone; compatibility makes them marks on spaces */
  { 0x0138, 0x0138, 'K' },  /* small capitals: UTS #39 has a few, some of them as other letters */
  { 0x0184, 0x0184, 'b' },  /* LETTER TONE SIX */
  { 0x0185, 0x0185, 'b' },
  { 0x0262, 0x0262, 'G' },
  { 0x026a, 0x026a, 'I' },
  { 0x0274, 0x0274, 'N' },
  { 0x0280, 0x0280, 'R' },
  { 0x028f, 0x028f, 'Y' },
  { 0x0299, 0x0299, 'B' },
  { 0x029c, 0x029c, 'H' },
  { 0x029f, 0x029f, 'L' },
  { 0x0384, 0x0384, '\'' },
  { 0x04cf, 0x04cf, 'l' }, /* SMALL LETTER PALOCHKA: UTS #39 has it for an i, as some fonts once had */
  { 0x1175, 0x1175, 'l' }, /* upright strokes of Hangul */
  { 0x13c6, 0x13c6, 'I' }, /* CHEROKEE LETTER QUA */
  { 0x1d00, 0x1d00, 'A' },
  { 0x1d04, 0x1d05, 'C' }, /* and D */
  { 0x1d07, 0x1d07, 'E' },
  { 0x1d0a, 0x1d0b, 'J' }, /* and K */
  { 0x1d0d, 0x1d0d, 'M' },
  { 0x1d0f, 0x1d0f, 'O' },
  { 0x1d18, 0x1d18, 'P' },
  { 0x1d1b, 0x1d1c, 'T' }, /* and U */
  { 0x1d20, 0x1d21, 'V' }, /* and W */
  { 0x1d22, 0x1d22, 'Z' },
  { 0x1fbd, 0x1fbd, '\'' },
  { 0x1fbf, 0x1fbf, '\'' },
  { 0x1ffe, 0x1ffe, '\'' },
  { 0x23d0, 0x23d0, 'l' }, /* VERTICAL LINE EXTENSION */
  { 0x24f5, 0x24fd, '1' }, /* digits in circles that compatibility leaves alone */
  { 0x24ff, 0x24ff, '0' },
  { 0x2502, 0x2502, 'l' }, /* BOX DRAWINGS LIGHT VERTICAL */
  { 0x25cb, 0x25cb, 'O' }, /* WHITE CIRCLE, LARGE CIRCLE */
  { 0x25ef, 0x25ef, 'O' },
  { 0x2758, 0x2758, 'l' }, /* LIGHT VERTICAL BAR */
  { 0x2776, 0x277e, '1' },
  { 0x2780, 0x2788, '1' },
  { 0x278a, 0x2792, '1' },
  { 0x2b58, 0x2b58, 'O' }, /* HEAVY CIRCLE */
  { 0x3147, 0x3147, 'O' }, /* HANGUL LETTER IEUNG, I */
  { 0x3163, 0x3163, 'l' },
  { 0x31d1, 0x31d1, 'l' }, /* CJK STROKE S, and the ideograph */
  { 0x4e28, 0x4e28, 'l' },
  { 0xa730, 0xa730, 'F' },
  { 0xa731, 0xa731, 'S' },
  { 0xa781, 0xa781, 'l' }, /* TURNED L */
  { 0xa7ae, 0xa7ae, 'I' },
  { 0xa7fe, 0xa7fe, 'I' }, /* I LONGA */
  { 0x1f10b, 0x1f10b, '0' },
  { 0x1f10c, 0x1f10c, '0' },
  { 0x1f150, 0x1f169, 'A' }, /* letters in black circles and squares, and those that make flags */
  { 0x1f170, 0x1f189, 'A' },
  { 0x1f1e6, 0x1f1ff, 'A' },
};

static const Range hiding[] = {
  { 0x0000, 0x0008 }, /* controls */
  { 0x000b, 0x001f },
  { 0x007f, 0x0084 },
  { 0x0086, 0x009f },
  { 0x00ad, 0x00ad },   /* SOFT HYPHEN */
  { 0x061c, 0x061c },   /* ARABIC LETTER MARK */
  { 0x180e, 0x180e },   /* MONGOLIAN VOWEL SEPARATOR */
  { 0x200e, 0x200f },   /* LEFT-TO-RIGHT MARK, RIGHT-TO-LEFT MARK */
  { 0x202a, 0x202e },   /* embeddings and overrides */
  { 0x2060, 0x206f },   /* invisible operators, isolates, deprecated formats */
  { 0xfeff, 0xfeff },   /* ZERO WIDTH NO-BREAK SPACE */
  { 0xfff9, 0xfffb },   /* annotations */
  { 0x1bca0, 0x1bca3 }, /* shorthand formats */
  { 0x1d173, 0x1d17a }, /* musical formats */
  { 0xe0000, 0xe00ff }, /* tags: text that is not seen */
  { 0xe01f0, 0xe0fff },
};

static gboolean
is_in (gunichar     c,
       const Range *ranges,
       gsize        n)
{
  for (gsize i = 0; i < n; i++)
    if (c >= ranges[i].first && c <= ranges[i].last)
      return TRUE;
  return FALSE;
}

gboolean
ahoy_sign_is_star (gunichar c)
{
  return is_in (c, stars, G_N_ELEMENTS (stars));
}

gboolean
ahoy_sign_is_bracket (gunichar c)
{
  return is_in (c, brackets, G_N_ELEMENTS (brackets));
}

gboolean
ahoy_sign_is_colon (gunichar c)
{
  return is_in (c, colons, G_N_ELEMENTS (colons)) || ahoy_sign_is_wide_colon (c);
}

gboolean
ahoy_sign_is_empty (gunichar c)
{
  switch (c)
    {
    case 0x2800:  /* BRAILLE PATTERN BLANK */
    case 0xfffc:  /* OBJECT REPLACEMENT CHARACTER */
    case 0x13441: /* EGYPTIAN HIEROGLYPH FULL BLANK, HALF BLANK */
    case 0x13442:
    case 0x1d159: /* MUSICAL SYMBOL NULL NOTEHEAD */
      return TRUE;
    default:
      return u_isUWhiteSpace ((UChar32) c);
    }
}

gboolean
ahoy_sign_is_unseen (gunichar c)
{
  return u_hasBinaryProperty ((UChar32) c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT) || (ahoy_sign_is_empty (c) && !u_isUWhiteSpace ((UChar32) c));
}

gboolean
ahoy_sign_is_wide_colon (gunichar c)
{
  return is_in (c, wide_colons, G_N_ELEMENTS (wide_colons));
}

gboolean
ahoy_sign_is_line (gunichar c)
{
  return is_in (c, lines, G_N_ELEMENTS (lines));
}

gboolean
ahoy_sign_is_hiding (gunichar c)
{
  return is_in (c, hiding, G_N_ELEMENTS (hiding));
}

gunichar
ahoy_sign_drawn_like (gunichar c)
{
  for (gsize i = 0; i < G_N_ELEMENTS (drawings); i++)
    if (c >= drawings[i].first && c <= drawings[i].last)
      return drawings[i].like + (c - drawings[i].first);
  return c;
}
