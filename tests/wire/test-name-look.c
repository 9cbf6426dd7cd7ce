/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* Names that somebody takes in order to be taken for somebody else, and names that people have. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "wire/ahoy-name.h"
#include "wire/ahoy-signs.h"

#define NASTY_MAX 48

/* A plain name, and what is no name at all or looks like it. */
/* clang-format off */
static const struct {
  const char *plain;
  const char *nasty[NASTY_MAX];
} table[] = {
    { "alice", {
        "aIice", "AIice", "аlice", "alicе", "ΑLICE", "ALlCE", "a\u0305lice", "al\u0332ice", "ali\u0336ce", "alic\u0338e", "a\u20ddlice",
        "a1ice", "a|ice", "аӏісе", "\uff41\uff4c\uff49\uff43\uff45", "\U0001d41a\U0001d425\U0001d422\U0001d41c\U0001d41e",
        "\U0001d4d0\U0001d4f5\U0001d4f2\U0001d4ec\U0001d4ee", "al\u200bice", "alice\u200d", "\u202ealice", "ałice", "aƚice", "alıce",
        "alı\u0307ce", "a\u0334l\u0334i\u0334c\u0334e\u0334", "ⓐⓛⓘⓒⓔ", "al\u00adice", "aliсe", "aliⅽe", "aⅼice", "Alíсe",
        "\uff41\uff29ice", "alⁱce", "alice\ufe0f", "ɑlice", "⍺lice", "alіce", "alicҽ\u0305", "ᴀʟɪᴄᴇ",
    } },
    { "Ian", {
        "lan", "LAN", "1an", "|an", "ⅼan", "ӏan", "Iаn", "Ιan", "Ian\u0332", "I\u0305an", "I\u0336an", "ℐan", "Ⅰan", "Iɑn", "lɑn",
        "\uff4can", "Ⲓan",
    } },
    { "paul", {
        "pauI", "PAUl", "рaul", "PAUI\u0332", "pau1", "p\u0335aul", "paul\u033f", "раul", "ρaul", "pаul",
        "\U0001d5c9\U0001d5ba\U0001d5ce\U0001d5c5", "pauⅼ", "pa\u0332\u0305ul\u0305", "pauI\u0305", "pauӏ",
    } },
    { "bill", {
        "biII", "bil1", "bi11", "BIll", "BlLL", "bi\u0336ll", "ЬiII", "bi||", "Ьill", "bıll", "biⅼⅼ", "biłł", "bɩll", "bi\u0305ll",
    } },
    { "Oscar", {
        "0scar", "Oѕсаr", "Οscar", "Оscar", "OSCАR", "O\u0337scar", "Øscar", "ՕSCAR", "Oscаr", "oscar\u0336", "\uff2fscar", "Оѕcar",
        "\U0001d7cescar",
    } },
    { "Toma", {
        "ТОМА", "ΤΟΜΑ", "TOMА", "Τoma", "T0ma", "Torna", "TORNA", "Tom\u0305a", "T\u0335oma", "Ŧoma", "Tomа", "Тoma", "ТОМΑ",
    } },
    { "Boba", {
        "ВОВА", "ΒΟΒΑ", "B0BA", "BOВA", "Bob\u0332a", "B\u0336oba", "Ƀoba", "Bobа", "Вoba", "BοBA", "8oba\u200b",
    } },
    { "Kate", {
        "КАТЕ", "ΚΑΤΕ", "KATЕ", "Kаte", "K\u0336ate", "Kat\u0332e", "Kate\u05bf", "Κate", "\uff2bate", "Kаtе", "KΑTE", "Ꮶate", "Katе",
    } },
    { "Mike", {
        "МІКЕ", "ΜΙΚΕ", "MlKE", "Rnike", "Mik\u0335e", "Mikе", "Мike", "M1KE", "Ꮇike", "Mікe", "MIКE", "Mi\u0305ke", "Ⅿike",
    } },
    { "Peter", {
        "РЕТЕR", "PЕTER", "Pеter", "P\u0335eter", "Pet\u0336er", "Рeter", "Pеtеr", "Ρeter", "\uff30eter", "Ᵽeter", "Pete\u0332r",
        "Pete\u20e5r",
    } },
    { "Nina", {
        "ΝΙΝΑ", "NlNA", "Nіna", "Νina", "N1NA", "Nin\u0305a", "N\u0338ina", "Nınа", "Ninɑ", "Nin⍺", "Nina\u035f", "\ua4e0I\ua4e0A",
    } },
    { "David", {
        "Dаvid", "DаvId", "DAVlD", "Đavid", "Dav\u0332id", "D\u0336avid", "Davіd", "Ꭰavid", "Davıd", "Daviԁ", "Daνid", "DAVID\u0305",
        "Daѵid", "Daviⅾ",
    } },
    { "hans", {
        "ћans", "ħans", "h\u0335ans", "һans", "hаns", "HАNS", "ΗΑΝS", "han\u0332s", "НАNЅ", "haոs", "hanѕ", "hɑns",
    } },
    { "Lily", {
        "LlLY", "Lilу", "LiIy", "LіIу", "L\u0336ily", "Łily", "Lily\u0305", "Liⅼy", "Lιly", "LILΥ", "Ꮮily", "Li1y", "Lilү",
    } },
    { "Zoë", {
        "Ζoë", "Zоë", "Zo\u0305ë", "Z0ë", "ZOË\u0332", "Zoё", "ΖΟË", "Zoe\u0332\u0308", "Ƶoë", "Ꮓoë",
    } },
    { "Łukasz", {
        "Lukasz\u0335", "L\u0338ukasz", "L\u0336ukasz", "Lukasz", "ŁUKАSZ", "Łukаsz", "Łukasz\u0305", "Ꮮ\u0338ukasz", "Łukas\uff5a",
        "Ł\u0332ukasz",
    } },
    { "Søren", {
        "So\u0338ren", "So\u0337ren", "Soren", "SØREN\u0332", "Sørеn", "Ѕøren", "Søre\u0336n", "Sөren", "S0ren", "Sοren",
    } },
    { "Иван", {
        "Ива\u0305н", "Ивaн", "Иван\u0332", "И\u0336ван", "Иваɴ", "Ива\u0301н", "ИBан", "Ивαн", "\u202eИван", "Ива\u200dн",
    } },
    { "Ελένη", {
        "Eλένη", "Ελένη\u0305", "Ελέvη", "Ε\u0332λένη", "Ελένn", "ΕΛΈΝΗ\u0336", "Ελєνη", "Ελε\u0332\u0301νη", "Еλένη", "\u2066Ελένη",
    } },
    { "王伟", {
        "王\u0332伟", "王伟\u0336", "\u200f王伟", "王\u200b伟", "王伟\u3164", "王\u20dd伟", "⼡伟ᅟ", "王\ufe01伟", "王伟\U000e0100", "\u2067王伟",
    } },
};
/* clang-format on */

/* What people are called, and what they like to be called. No two of these look alike. */
/* clang-format off */
static const char *const honest[] = {
    "Zoë", "Zoé", "Zora", "Łukasz", "Łucja", "Søren", "Sören", "Ñandú", "Nando", "王伟", "王玮", "玉梅", "田中さん", "たなか", "タナカ", "김철수",
    "김영희", "Иван", "Ивана", "Иво", "Йован", "Ελένη", "Έλλη", "Ελεάνα", "עידו", "עדי", "علی", "علي رضا", "أليس", "إلياس", "José",
    "Josef", "O'Brien", "O’Neill", "Anne-Marie", "Anna Maria", "Max 2", "Max 3", "Max 22", "Mia", "Mila", "Mei", "Mel", "Melli",
    "Kai", "Kal", "Ali", "All", "Alina", "Alma", "Emil", "Emilia", "Emily", "Bill", "Billie", "Will", "Willi", "Lou", "Leo",
    "Léo", "Noa", "Noah", "Nöel", "Noel", "Ida", "Ina", "Iris", "Ivo", "İbrahim", "Işıl", "Irmak", "Jürgen", "Jurgen", "Groß",
    "Nguyễn Văn Á", "Nguyễn Văn An", "Lê Lợi", "Đặng", "Þór", "Þóra", "Œuvre", "Ćiro", "Čiro", "Šime", "Simon", "Žana", "Ђорђе",
    "Џон", "Алиса", "Алёна", "Елена", "Олена", "Ірина", "Ирина", "Анна", "Ганна", "Владимир", "Вова", "Боба", "艾丽丝", "愛麗絲", "アリス",
    "ありす", "앨리스", "अक्षय", "अक्षरा", "ऐलिस", "আলিস", "ਅਮਨ", "ஆலிஸ்", "అనిత", "ಅನಿತಾ", "അനിത", "ඇලිස්", "อลิซ", "น้ำ", "ອາລິດ",
    "အောင်", "អាលីស", "አሊስ", "Ալիսա", "Ալինա", "ალისა", "ალინა", "ᠠᠯᠢᠰ", "བསྟན་འཛིན", "אליס", "اليسا", "فاطمه", "Zhang 伟",
    "Tanaka 太郎", "Kim 철수", "Ana 🚢", "🚢", "🚢 captain", "❤️ Eva", "👍🏽", "1️⃣", "R2-D2", "C-3PO", "#1", "42", "The 3rd", "a@home",
    "a@work", "Jr.", "Mr. X", "Ms. X", "Dr. No", "dr no?", "<bob>", "(carol)", "x:y", "12:30", "½", "ℕ", "♜", "♞", "Ⅻ Legio",
    "~tilde~", "_under_", "semi;colon", "…", "!", "?", "Ƙafaru", "Ọlá", "Ẹ̀bùn", "Māori", "Mäori", "Ħamrun", "Ģirts", "Ġorġ",
    "Țepeș", "Dvořák", "Dvorak",
};
/* clang-format on */

static void
test_nasty_names (void **state)
{
  guint n = 0;

  assert_int_equal (G_N_ELEMENTS (table), 20);
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *plain = ahoy_name_normalize (table[i].plain, NULL);

      assert_non_null (plain);
      for (gsize j = 0; table[i].nasty[j] != NULL; j++)
        {
          g_autofree char *nasty = ahoy_name_normalize (table[i].nasty[j], NULL);

          if (nasty != NULL && !ahoy_name_looks_like (nasty, plain))
            fail_msg ("%s passes for %s", nasty, plain);
          n++;
        }
    }
  assert_true (n >= 200);
}

/* What UTS #39 says nothing of. */
static void
test_drawings (void **state)
{
  static const char *const pairs[][2] = {
    { "🅐🅛🅘🅒🅔", "alice" },
    { "🅰🅻🅸🅲🅴", "alice" },
    { "🇦🇱🇮🇨🇪", "alice" },
    { "🅰lice", "Alice" },
    { "ᎪᏞᏆᏟᎬ", "alice" },
    { "a\u2502ice", "alice" },
    { "a\u2758ice", "alice" },
    { "a\uffe8ice", "alice" },
    { "a\u23d0ice", "alice" },
    { "a\u4e28ice", "alice" },
    { "a\u3163ice", "alice" },
    { "a\u1175ice", "alice" },
    { "aꞁice", "alice" },
    { "\u3163an", "Ian" },
    { "ꟾan", "Ian" },
    { "ɪᴀɴ", "Ian" },
    { "ᴛᴏᴍ", "Tom" },
    { "🆃🅾🅼", "Tom" },
    { "T\u3147m", "Tom" },
    { "B\u25cbb", "Bob" },
    { "ʙᴏʙ", "Bob" },
    { "ƅoƄ", "Bob" },
    { "Max 2\u20e3", "Max 2" },
    { "Max 2\ufe0f\u20e3", "Max 2" },
    { "Max 2\u0323", "Max 2" },
    { "Max ❷", "Max 2" },
    { "Max ➁", "Max 2" },
    { "Max ⓶", "Max 2" },
    { "Max 🄌", "Max 0" },
    { "ĸate", "Kate" },
    { "ᴋᴀᴛᴇ", "Kate" },
    { "VVanda", "Wanda" },
    { "vvanda", "Wanda" },
    { "ⅤⅤanda", "Wanda" },
    { "ꜰɪᴏɴᴀ", "Fiona" },
    { "O\u00b4Brien", "O'Brien" },
    { "O\u1fbdBrien", "O'Brien" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++)
    if (!ahoy_name_looks_like (pairs[i][0], pairs[i][1]) || !ahoy_name_looks_like (pairs[i][1], pairs[i][0]))
      fail_msg ("%s passes for %s", pairs[i][0], pairs[i][1]);
  assert_null (ahoy_name_normalize ("alice\U0001d159", NULL));
  assert_null (ahoy_name_normalize ("\U00013441", NULL));
}

static void
test_plain_names_do_not_look_alike (void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (table); j++)
      if (ahoy_name_looks_like (table[i].plain, table[j].plain) != (i == j))
        fail_msg ("%s and %s", table[i].plain, table[j].plain);
}

static void
test_honest_names (void **state)
{
  for (gsize i = 0; i < G_N_ELEMENTS (honest); i++)
    {
      AhoyNameVerdict  verdict = AHOY_NAME_INVALID;
      g_autofree char *normal = ahoy_name_normalize (honest[i], &verdict);

      if (verdict != AHOY_NAME_OK)
        fail_msg ("%s: verdict %d", honest[i], verdict);
      for (gsize j = 0; j < G_N_ELEMENTS (honest); j++)
        if (ahoy_name_looks_like (honest[i], honest[j]) != (i == j))
          fail_msg ("%s and %s", honest[i], honest[j]);
    }
}

/* Whoever was "ian" yesterday may be "Ian" today, and IAN when in a hurry. */
static void
test_spellings (void **state)
{
  /* clang-format off */
  static const struct {
    const char *name;
    const char *other;
    gboolean    alike;
  } cases[] = {
    { "lan", "Ian", TRUE },
    { "lan", "ian", TRUE },
    { "Lan", "ian", TRUE },
    { "ALlCE", "alice", TRUE },
    { "ALlCE", "Alice", TRUE },
    { "MEl", "Mei", TRUE },
    { "Mel", "Mei", FALSE },     /* but nobody mistakes these */
    { "MEL", "mei", FALSE },
    { "\u0422\u041e\u041c\u0410", "Toma", TRUE }, /* Cyrillic capitals */
    { "\u0422\u043e\u043c\u0430", "Toma", FALSE }, /* the Russian name */
    { "anne-Iouise", "anne-louise", TRUE },
    { "x y", "x  y", TRUE },
  };
  /* clang-format on */

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    if (ahoy_name_looks_like (cases[i].name, cases[i].other) != cases[i].alike ||
        ahoy_name_looks_like (cases[i].other, cases[i].name) != cases[i].alike)
      fail_msg ("%s and %s: should be %d", cases[i].name, cases[i].other, cases[i].alike);
}

static void
test_every_look_once (void **state)
{
  g_auto (GStrv) looks = ahoy_name_looks ("Ian");
  g_auto (GStrv) glances = ahoy_name_glances ("42");
  g_auto (GStrv) none = ahoy_name_looks ("");
  g_auto (GStrv) line = ahoy_name_looks ("\u0332");

  for (guint i = 0; looks[i] != NULL; i++)
    for (guint j = 0; j < i; j++)
      assert_string_not_equal (looks[i], looks[j]);
  assert_in_range (g_strv_length (looks), 4, 8);
  assert_int_equal (g_strv_length (glances), 3);
  assert_non_null (none);
  assert_non_null (line);
}

/* Whatever a name begins with or holds, it is not to be taken for the beginning of a line of somebody else. */
static void
test_signs (void **state)
{
  for (gunichar c = 0x21; c < 0x20000; c++)
    {
      char             begins[16] = { 0 };
      g_autofree char *spoken = NULL;
      g_autofree char *name = NULL;
      g_autofree char *colon = NULL;
      char             sign[8] = { 0 };

      if (!g_unichar_validate (c))
        continue;
      g_unichar_to_utf8 (c, sign);
      g_strlcpy (begins, sign, sizeof begins);
      name = ahoy_name_normalize (begins, NULL);
      if (name != NULL && (ahoy_sign_is_star (c) || ahoy_sign_is_bracket (c) || ahoy_name_equal (name, "*") || ahoy_name_equal (name, "[")))
        fail_msg ("U+%04X may begin a name", c);
      spoken = g_strdup_printf ("a%s b", sign);
      colon = ahoy_name_normalize (spoken, NULL);
      if (colon != NULL && (ahoy_sign_is_colon (c) || ahoy_name_equal (sign, ":")))
        fail_msg ("U+%04X may stand before a space", c);
    }
}

int
main (void)
{
  /* clang-format off */
  const struct CMUnitTest tests[] = {
    cmocka_unit_test (test_nasty_names),
    cmocka_unit_test (test_drawings),
    cmocka_unit_test (test_plain_names_do_not_look_alike),
    cmocka_unit_test (test_honest_names),
    cmocka_unit_test (test_spellings),
    cmocka_unit_test (test_every_look_once),
    cmocka_unit_test (test_signs),
  };
  /* clang-format on */

  return cmocka_run_group_tests (tests, NULL, NULL);
}
