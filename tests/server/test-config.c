/* SPDX-License-Identifier: GPL-3.0-or-later
 * SPDX-FileCopyrightText: The Ahoy authors */

/* ahoyd-config: every option, on the command line and as a key, and what is said of each mistake. */

#include "ahoyd-config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "ahoyd-host-name.h"
#include "net/ahoyd-rejector.h"
#include "server/cmocka-all.h"
#include "wire/ahoy-limits.h"

/* Fingerprints. */
#define KEY "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define OTHER_KEY "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

typedef struct {
  char        *folder;
  char        *file;
  AhoydConfig *config;
  GError      *error;
} Fixture;

static int
setup (void **state)
{
  Fixture *f = g_new0 (Fixture, 1);

  f->folder = g_dir_make_tmp ("ahoyd-config-XXXXXX", NULL);
  assert_non_null (f->folder);
  f->file = g_build_filename (f->folder, "ahoyd.conf", NULL);
  f->config = ahoyd_config_new ();
  *state = f;
  return 0;
}

static int
teardown (void **state)
{
  Fixture *f = *state;

  g_unlink (f->file);
  g_rmdir (f->folder);
  g_free (f->folder);
  g_free (f->file);
  g_clear_pointer (&f->config, ahoyd_config_free);
  g_clear_error (&f->error);
  g_free (f);
  return 0;
}

#define PARSE(f, ...) ahoyd_config_parse ((f)->config, (const char *const[]){ "ahoyd", __VA_ARGS__, NULL }, &(f)->error)

static void
start_again (Fixture *f)
{
  g_clear_pointer (&f->config, ahoyd_config_free);
  f->config = ahoyd_config_new ();
  g_clear_error (&f->error);
}

static gboolean
parse_file (Fixture    *f,
            const char *contents)
{
  start_again (f);
  assert_true (g_file_set_contents (f->file, contents, -1, NULL));
  return PARSE (f, "--config", f->file);
}

static void
assert_address (AhoydConfig *config,
                guint        i,
                const char  *expected)
{
  GInetSocketAddress *address = config->bind->pdata[i];
  g_autofree char    *text = g_inet_address_to_string (g_inet_socket_address_get_address (address));

  assert_string_equal (text, expected);
}

static void
test_defaults (void **state)
{
  Fixture         *f = *state;
  g_autofree char *host = ahoyd_host_name_dup ();

  assert_true (PARSE (f, NULL));
  assert_int_equal (f->config->port, AHOY_DEFAULT_PORT);
  assert_false (f->config->port_given);
  assert_int_equal (f->config->discovery_port, AHOY_DEFAULT_PORT);
  assert_false (f->config->no_discovery);
  assert_true (f->config->mdns);
  assert_int_equal (f->config->bind->len, 0);
  assert_string_equal (f->config->name, host);
  assert_null (f->config->data_dir);
  assert_null (f->config->motd);
  assert_string_equal (ahoy_charset_name (f->config->classic_charset), "GB18030");
  assert_false (f->config->require_tls);
  assert_null (f->config->tls_key);
  assert_null (f->config->tls_certificate);
  assert_int_equal (f->config->max_clients, AHOYD_MAX_CLIENTS_DEFAULT);
  assert_int_equal (f->config->max_clients_per_address, AHOYD_MAX_CLIENTS_PER_ADDRESS_DEFAULT);
  assert_int_equal (f->config->rate, AHOYD_RATE_DEFAULT);
  assert_int_equal (f->config->burst, AHOYD_BURST_DEFAULT);
  assert_int_equal (f->config->rate_bytes, AHOYD_RATE_BYTES_DEFAULT);
  assert_int_equal (f->config->max_pending, AHOYD_MAX_PENDING_DEFAULT);
  assert_int_equal (f->config->failed_logins, AHOYD_FAILED_LOGINS_DEFAULT);
  assert_int_equal (f->config->names_per_key, AHOYD_NAMES_PER_KEY_DEFAULT);
  assert_int_equal (f->config->claims->len, 0);
  assert_int_equal (f->config->ready_fd, -1);
  assert_false (f->config->version);
  assert_false (f->config->show_id);
  assert_int_equal (f->config->login_timeout_ms, AHOY_LOGIN_TIMEOUT_MS);
  assert_int_equal (f->config->regrets_wait_ms, AHOYD_REJECTOR_WAIT_MS);
}

static void
assert_claim (AhoydConfig *config,
              guint        i,
              const char  *name,
              const char  *key)
{
  const AhoydConfigClaim *claim = config->claims->pdata[i];

  assert_string_equal (claim->name, name);
  assert_string_equal (claim->key, key);
}

static void
assert_all_set (AhoydConfig *config,
                int          fd)
{
  assert_int_equal (config->port, 4000);
  assert_true (config->port_given);
  assert_int_equal (config->discovery_port, 4001);
  assert_true (config->no_discovery);
  assert_false (config->mdns);
  assert_false (config->neighbours);
  assert_int_equal (config->bind->len, 3);
  assert_address (config, 0, "127.0.0.1");
  assert_address (config, 1, "::1");
  assert_address (config, 2, "fe80::1");
  assert_string_equal (config->name, "Café 二");
  assert_string_equal (config->data_dir, "/tmp/x");
  assert_string_equal (config->motd, "Hello\nyou");
  assert_string_equal (ahoy_charset_name (config->classic_charset), "BIG5");
  assert_true (config->require_tls);
  assert_string_equal (config->tls_key, "/tmp/key");
  assert_string_equal (config->tls_certificate, "/tmp/crt");
  assert_int_equal (config->max_clients, 7);
  assert_int_equal (config->max_clients_per_address, 6);
  assert_int_equal (config->rate, 11);
  assert_int_equal (config->burst, 12);
  assert_int_equal (config->rate_bytes, 13);
  assert_int_equal (config->max_pending, 8);
  assert_int_equal (config->failed_logins, 9);
  assert_int_equal (config->names_per_key, 10);
  assert_int_equal (config->claims->len, 2);
  assert_claim (config, 0, "Ann=a", KEY);
  assert_claim (config, 1, "Bob", OTHER_KEY);
  assert_int_equal (config->ready_fd, fd);
}

static void
test_every_option (void **state)
{
  Fixture *f = *state;

  assert_true (PARSE (f, "--port=4000", "--discovery-port", "4001", "--no-discovery", "--mdns=false",
                      "--neighbours=false", "--bind", "127.0.0.1", "--bind=[::1]", "--bind",
                      "fe80::1", "--name", "Café 二", "--data-dir", "/tmp/x", "--motd", "Hello\r\nyou", "--classic-charset", "BIG5",
                      "--require-tls", "--tls-key", "/tmp/key", "--tls-certificate=/tmp/crt", "--max-clients", "7",
                      "--max-pending-per-address", "8", "--failed-logins-per-minute=9", "--names-per-key", "10",
                      "--max-clients-per-address", "6", "--rate", "11", "--burst=12", "--rate-bytes", "13",
                      "--claim", " Ann=a=" KEY, "--claim=Bob=" OTHER_KEY,
                      "--ready-fd", "2"));
  assert_all_set (f->config, 2);
}

static void
test_every_key (void **state)
{
  Fixture *f = *state;

  assert_true (parse_file (f, "# how it is done here\n\n[ahoyd]\nport=4000\ndiscovery-port = 4001\nno-discovery=true\nmdns=false\nneighbours=false\n"
                              "bind=127.0.0.1;::1;fe80::1\nname=Café 二\ndata-dir=/tmp/x\nmotd=Hello\\nyou\nclassic-charset=BIG5\n"
                              "require-tls=true\ntls-certificate=/tmp/crt\ntls-key=/tmp/key\n"
                              "max-clients=7\nmax-pending-per-address=8\nfailed-logins-per-minute=9\nnames-per-key=10\n"
                              "max-clients-per-address=6\nrate=11\nburst=12\nrate-bytes=13\nclaim=Ann=a=" KEY ";Bob=" OTHER_KEY "\nready-fd=2\n"));
  assert_all_set (f->config, 2);
}

static void
test_the_command_line_beats_the_file (void **state)
{
  Fixture *f = *state;

  assert_true (g_file_set_contents (f->file, "[ahoyd]\nport=4000\nname=file\nbind=127.0.0.1\nmotd=file\n", -1, NULL));
  assert_true (PARSE (f, "--bind", "::1", "--name=line", "--config", f->file, "--port=0"));
  assert_int_equal (f->config->port, 0);
  assert_string_equal (f->config->name, "line");
  assert_int_equal (f->config->bind->len, 1);
  assert_address (f->config, 0, "::1");
  assert_string_equal (f->config->motd, "file");
}

static void
test_a_port_in_the_file_is_asked_for_too (void **state)
{
  Fixture *f = *state;

  assert_true (parse_file (f, "[ahoyd]\nport=24690\n"));
  assert_true (f->config->port_given);
}

static void
test_names_stand_on_one_line (void **state)
{
  Fixture *f = *state;

  assert_true (PARSE (f, "--name", "  a\x1ftls=1\x02\nb\t "));
  assert_string_equal (f->config->name, "atls=1 b");
}

static void
test_version (void **state)
{
  Fixture *f = *state;

  assert_true (PARSE (f, "--version"));
  assert_true (f->config->version);
}

static void
test_show_id (void **state)
{
  Fixture *f = *state;

  assert_true (PARSE (f, "--show-id", "--data-dir", "/tmp/x"));
  assert_true (f->config->show_id);
}

static void
assert_words (Fixture    *f,
              const char *expected)
{
  g_autofree char *words = f->config->words != NULL ? g_strjoinv ("|", f->config->words) : NULL;

  assert_string_equal (words, expected);
  start_again (f);
}

static void
test_a_command_and_its_words (void **state)
{
  Fixture *f = *state;

  assert_true (PARSE (f, "--port=4000"));
  assert_null (f->config->words);
  assert_true (PARSE (f, "names"));
  assert_words (f, "names");
  /* Options stand anywhere. */
  assert_true (PARSE (f, "--data-dir", "/tmp/x", "names", "--name=n", "release", "小明", "--port", "1"));
  assert_string_equal (f->config->data_dir, "/tmp/x");
  assert_string_equal (f->config->name, "n");
  assert_int_equal (f->config->port, 1);
  assert_words (f, "names|release|小明");
  assert_true (PARSE (f, "names", "release", "--", "--port"));
  assert_words (f, "names|release|--port");
  assert_false (PARSE (f, "serve", "names"));
  assert_true (g_error_matches (f->error, AHOYD_CONFIG_ERROR, AHOYD_CONFIG_ERROR_USAGE));
  assert_non_null (strstr (f->error->message, "'serve'"));
}

static void
assert_mistake (Fixture    *f,
                const char *option,
                const char *value,
                const char *says)
{
  gboolean ok;

  start_again (f);
  ok = value != NULL ? PARSE (f, option, value) : PARSE (f, option);
  if (ok)
    fail_msg ("%s %s was taken", option, value);
  assert_int_equal (f->error->domain, AHOYD_CONFIG_ERROR);
  if (strstr (f->error->message, says) == NULL || strchr (f->error->message, '\n') != NULL)
    fail_msg ("%s %s: %s", option, value, f->error->message);
}

static void
test_mistakes_on_the_command_line (void **state)
{
  static const struct {
    const char *option, *value, *says;
  } rows[] = {
    { "--prot", "1", "--prot" },
    { "stray", NULL, "stray" },
    { "--port", NULL, "--port" },
    { "--port", "", "--port" },
    { "--port", "-1", "-1" },
    { "--port", "65536", "65536" },
    { "--port", "80x", "80x" },
    { "--port", " 80", " 80" },
    { "--discovery-port", "70000", "--discovery-port" },
    { "--bind", "nowhere.invalid.", "nowhere.invalid." },
    { "--bind", "300.0.0.1", "300.0.0.1" },
    { "--bind", "", "--bind" },
    { "--bind", "[]", "--bind" },
    { "--name", " \n", "--name" },
    { "--name", "\xff", "--name" },
    { "--data-dir", "", "--data-dir" },
    { "--motd", "\xff", "--motd" },
    { "--classic-charset", "no-such-charset", "no-such-charset" },
    { "--classic-charset", "UTF-16", "UTF-16" },
    { "--max-clients", "0", "--max-clients" },
    { "--max-clients", "many", "many" },
    { "--ready-fd", "-1", "--ready-fd" },
    { "--ready-fd", "x", "--ready-fd" },
    { "--ready-fd", "999", "999" },
    { "--no-discovery=yes", NULL, "--no-discovery" },
    { "--require-tls=yes", NULL, "--require-tls" },
    { "--tls-key", "", "--tls-key" },
    { "--tls-key", "/tmp/key", "tls-certificate" },
    { "--tls-certificate", "/tmp/crt", "tls-key" },
    { "--max-pending-per-address", "-1", "--max-pending-per-address" },
    { "--max-clients-per-address", "-1", "--max-clients-per-address" },
    { "--rate", "fast", "--rate" },
    { "--burst", "0", "--burst" },
    { "--rate-bytes", "64k", "--rate-bytes" },
    { "--failed-logins-per-minute", "x", "--failed-logins-per-minute" },
    { "--names-per-key", "-1", "--names-per-key" },
    { "--claim", "Ann", "NAME=FINGERPRINT" },
    { "--claim", "Ann=", "NAME=FINGERPRINT" },
    { "--claim", "Ann=" KEY "a", "NAME=FINGERPRINT" },
    { "--claim", "=" KEY, "a name that nobody can have" },
    { "--claim", "Ann: hello=" KEY, "a name that nobody can have" },
    { "--claim", "\xff=" KEY, "UTF-8" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    assert_mistake (*state, rows[i].option, rows[i].value, rows[i].says);
}

static void
assert_names (GPtrArray  *names,
              const char *expected)
{
  g_autofree char *joined = NULL;

  g_ptr_array_add (names, NULL);
  joined = g_strjoinv (" ", (char **) names->pdata);
  assert_string_equal (joined, expected);
  g_ptr_array_set_size (names, 0);
}

static gboolean
reload (Fixture            *f,
        const char         *contents,
        AhoydConfigChanges *changes)
{
  assert_true (g_file_set_contents (f->file, contents, -1, NULL));
  g_clear_error (&f->error);
  return ahoyd_config_reload (f->config, (const char *const[]){ "ahoyd", "--config", f->file, "--ready-fd", "999", "--port=7", NULL }, changes,
                              &f->error);
}

static void
test_read_anew (void **state)
{
  Fixture              *f = *state;
  g_autoptr (GPtrArray) now = g_ptr_array_new ();
  g_autoptr (GPtrArray) later = g_ptr_array_new ();
  AhoydConfigChanges    changes = { now, later };

  assert_true (parse_file (f, "[ahoyd]\nname=n\nport=7\nbind=127.0.0.1\nmotd=m\nkeep-days=3\n"));
  assert_true (reload (f, "[ahoyd]\nname=n\nport=9\nbind=127.0.0.1\nmotd=m\nkeep-days=3\n", &changes));
  assert_names (now, "");
  assert_names (later, ""); /* the command line beats the file now as before */
  assert_true (reload (f, "[ahoyd]\nname=other\nbind=127.0.0.2\nrequire-tls=true\nmax-clients=5\nstore=memory\ntls-key=k\n"
                          "tls-certificate=c\nclassic-charset=BIG5\n",
                       &changes));
  assert_names (now, "name motd require-tls max-clients keep-days");
  assert_names (later, "bind classic-charset tls-key tls-certificate store");
  assert_string_equal (f->config->name, "other");
  assert_null (f->config->motd);
  assert_true (f->config->require_tls);
  assert_int_equal (f->config->max_clients, 5);
  assert_int_equal (f->config->keep_days, AHOYD_KEEP_DAYS_DEFAULT);
  assert_address (f->config, 0, "127.0.0.1");
  assert_true (f->config->store_on_disk);
  assert_null (f->config->tls_key);

  assert_false (reload (f, "[ahoyd]\nname=third\nmax-clients=0\n", &changes));
  assert_non_null (strstr (f->error->message, ":3: max-clients"));
  assert_string_equal (f->config->name, "other");
  g_unlink (f->file);
  g_clear_error (&f->error);
  assert_false (ahoyd_config_reload (f->config, (const char *const[]){ "ahoyd", "--config", f->file, NULL }, &changes, &f->error));
  assert_names (now, "");
  assert_names (later, "");
}

static void
test_too_long_a_motd (void **state)
{
  Fixture         *f = *state;
  g_autofree char *motd = g_strnfill (AHOY_BODY_MAX, 'x');

  assert_mistake (f, "--motd", motd, "--motd");
}

static void
test_mistakes_in_the_file_have_their_line (void **state)
{
  Fixture *f = *state;
  static const struct {
    const char *contents, *line, *says;
  } rows[] = {
    { "[ahoyd]\nport=0\n\nprot=1\n", ":4: ", "unknown key 'prot'" },
    { "[ahoyd]\nport=0\nconfig=x\n", ":3: ", "unknown key 'config'" },
    { "[ahoyd]\nversion=true\n", ":2: ", "unknown key 'version'" },
    { "[ahoyd]\nshow-id=true\n", ":2: ", "unknown key 'show-id'" },
    { "[ahoyd]\n[other]\nport=0\n", ":2: ", "unknown group 'other'" },
    { "\n[ahoyd\nport=0\n", ":2: ", "'[ahoyd'" },
    { "port=0\n", ":1: ", "before the group" },
    { "[ahoyd]\nport=0\nwhat is this\n", ":3: ", "what is this" },
    { "[ahoyd]\n# one\nport=many\n", ":3: ", "port: 'many'" },
    { "[ahoyd]\nmax-clients=0\n", ":2: ", "max-clients" },
    { "[ahoyd]\nno-discovery=perhaps\n", ":2: ", "'perhaps'" },
    { "[ahoyd]\nneighbours=some\n", ":2: ", "'some'" },
    { "[ahoyd]\nbind=127.0.0.1;nowhere\n", ":2: ", "'nowhere'" },
    { "[ahoyd]\nmotd=a\\qb\n", ":2: ", "motd" },
    { "[ahoyd]\nname=a\nname=b\n", ":3: ", "line 2" },
    { "[ahoyd]\nname[de]=b\n", ":2: ", "unknown key 'name[de]'" },
    { "[ahoyd]\nname=\xff\n", ":1: ", "UTF-8" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      if (parse_file (f, rows[i].contents))
        fail_msg ("taken: %s", rows[i].contents);
      assert_int_equal (f->error->domain, AHOYD_CONFIG_ERROR);
      if (!g_str_has_prefix (f->error->message, f->file) || !g_str_has_prefix (f->error->message + strlen (f->file), rows[i].line) ||
          strstr (f->error->message, rows[i].says) == NULL)
        fail_msg ("%s: %s", rows[i].contents, f->error->message);
    }
}

static void
test_files_that_are_fine (void **state)
{
  Fixture *f = *state;

  assert_true (parse_file (f, ""));
  assert_true (parse_file (f, "\n# nothing\n"));
  assert_true (parse_file (f, "[ahoyd]"));
  assert_true (parse_file (f, "[ahoyd]\r\nname=x\r\n"));
  assert_string_equal (f->config->name, "x");
  assert_true (parse_file (f, "  [ahoyd]\n  motd = a=b [c]\n"));
  assert_string_equal (f->config->motd, "a=b [c]");
  assert_true (parse_file (f, "[ahoyd]\nmotd=\n"));
  assert_null (f->config->motd);
}

static void
test_a_file_that_is_not_there (void **state)
{
  Fixture *f = *state;

  assert_false (PARSE (f, "--config", f->file));
  assert_int_equal (f->error->domain, G_FILE_ERROR);
  assert_non_null (strstr (f->error->message, f->file));
}

static void
test_the_pretty_host_name (void **state)
{
  g_autofree char *pretty = ahoyd_host_name_from_machine_info ("ICON_NAME=computer\nPRETTY_HOSTNAME=\"Anna's Rechner 二\"\n");
  g_autofree char *bare = ahoyd_host_name_from_machine_info ("PRETTY_HOSTNAME=box\n");

  assert_string_equal (pretty, "Anna's Rechner 二");
  assert_string_equal (bare, "box");
  assert_null (ahoyd_host_name_from_machine_info (""));
  assert_null (ahoyd_host_name_from_machine_info ("PRETTY_HOSTNAME=\n"));
  assert_null (ahoyd_host_name_from_machine_info ("PRETTY_HOSTNAME=\"half\n"));
  assert_null (ahoyd_host_name_from_machine_info ("X_PRETTY_HOSTNAME=box\n"));
}

int
main (void)
{
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown (test_defaults, setup, teardown),
    cmocka_unit_test_setup_teardown (test_every_option, setup, teardown),
    cmocka_unit_test_setup_teardown (test_every_key, setup, teardown),
    cmocka_unit_test_setup_teardown (test_the_command_line_beats_the_file, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_port_in_the_file_is_asked_for_too, setup, teardown),
    cmocka_unit_test_setup_teardown (test_names_stand_on_one_line, setup, teardown),
    cmocka_unit_test_setup_teardown (test_version, setup, teardown),
    cmocka_unit_test_setup_teardown (test_show_id, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_command_and_its_words, setup, teardown),
    cmocka_unit_test_setup_teardown (test_mistakes_on_the_command_line, setup, teardown),
    cmocka_unit_test_setup_teardown (test_read_anew, setup, teardown),
    cmocka_unit_test_setup_teardown (test_too_long_a_motd, setup, teardown),
    cmocka_unit_test_setup_teardown (test_mistakes_in_the_file_have_their_line, setup, teardown),
    cmocka_unit_test_setup_teardown (test_files_that_are_fine, setup, teardown),
    cmocka_unit_test_setup_teardown (test_a_file_that_is_not_there, setup, teardown),
    cmocka_unit_test (test_the_pretty_host_name),
  };

  return cmocka_run_group_tests (tests, NULL, NULL);
}
