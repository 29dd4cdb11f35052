#include "config/settings.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/file.hpp"
#include "base/text.hpp"
#include "config/command_output.hpp"
#include "config/databases.hpp"
#include "support/source_tree.hpp"
#include "support/temporary_directory.hpp"

using namespace luamig;
using namespace std::chrono_literals;

namespace {

/// A project directory that goes away again.
struct project {
  testing::temporary_directory directory;
  std::filesystem::path path = directory.path();

  project() = default;
  explicit project(std::string_view toml) { file::create(path / "luamig.toml", toml); }

  config::settings load(const config::overrides& flags = {},
                        const config::environment& env = {}) const {
    return config::load(flags, env, path);
  }
  error failure(const config::overrides& flags = {}, const config::environment& env = {}) const {
    try {
      (void)load(flags, env);
    } catch (const error& problem) {
      return problem;
    }
    FAIL("no error");
    return {errc::config, ""};
  }
};

config::overrides with_url(std::string url) {
  config::overrides flags;
  flags.url = std::move(url);
  return flags;
}
config::overrides with_env(std::string name) {
  config::overrides flags;
  flags.env_name = std::move(name);
  return flags;
}
config::overrides with_x(std::vector<std::string> x) {
  config::overrides flags;
  flags.x = std::move(x);
  return flags;
}

config::settings::entry entry(const config::settings& s, std::string_view key) {
  const auto found =
      std::find_if(s.entries.begin(), s.entries.end(), [&](const auto& e) { return e.key == key; });
  REQUIRE(found != s.entries.end());
  return *found;
}
std::string origin(const config::settings& s, std::string_view key) { return entry(s, key).from; }

}  // namespace

TEST_CASE("config: a file with nothing in it gives the defaults") {
  const project p("");
  const config::settings s = p.load();
  CHECK(s.file == p.path / "luamig.toml");
  CHECK(s.migrations == p.path / "migrations");
  CHECK(s.version_locations == std::vector{p.path / "migrations/versions"});
  CHECK(s.version_table == "luamig_version");
  CHECK(s.file_template == "{rev}_{slug}");
  CHECK(s.lock_wait == 60s);
  CHECK(s.memory_limit == 256 * 1024 * 1024);
  CHECK(s.lock_timeout == 2s);
  CHECK(s.foreign_keys);
  CHECK_FALSE(s.is_protected);
  CHECK(origin(s, "lock_wait") == "default");
}

TEST_CASE("config: every documented key is read") {
  const project p(R"(url = "sqlite:///a.db"
migrations = "db/"
version_table = "alembic_version"
version_table_schema = "books"
version_locations = ["db/v", "../shared"]
file_template = "{slug}"
lock_wait = "2m"
protected = true
[log]
level = "debug"
format = "json"
[limits]
memory = 1048576
time = "30s"
total_time = "1h"
[postgres]
lock_timeout = "250ms"
statement_timeout = "5s"
[sqlite]
foreign_keys = false
extensions = ["a.so"]
)");
  const config::settings s = p.load();
  CHECK(s.url == "sqlite:///a.db");
  CHECK(s.migrations == p.path / "db");
  CHECK(s.version_locations == std::vector{p.path / "db/v", p.path.parent_path() / "shared"});
  CHECK(s.version_table == "alembic_version");
  CHECK(s.version_table_schema == "books");
  CHECK(s.file_template == "{slug}");
  CHECK(s.lock_wait == 2min);
  CHECK(s.is_protected);
  CHECK(s.log_level == "debug");
  CHECK(s.log_format == "json");
  CHECK(s.memory_limit == 1048576);
  CHECK(s.time_limit == std::chrono::seconds(30));
  CHECK(s.total_time_limit == std::chrono::hours(1));
  CHECK(s.lock_timeout == 250ms);
  CHECK(s.statement_timeout == 5s);
  CHECK_FALSE(s.foreign_keys);
  CHECK(s.sqlite_extensions == std::vector<std::string>{"a.so"});
  CHECK(origin(s, "lock_wait") == "luamig.toml:7");
}

TEST_CASE("config: a dry run has the sandbox and 30 s, unless it is told otherwise") {
  using sandboxing = config::settings::sandboxing;
  const project p("");
  const auto settings = [&p](bool dry, std::optional<std::string> sandbox) {
    config::overrides flags;
    flags.dry_run = dry;
    flags.sandbox = std::move(sandbox);
    const config::settings s = p.load(flags);
    return std::pair(s.sandbox, s.time_limit);
  };
  CHECK(settings(false, std::nullopt) == std::pair(sandboxing::off, 0ms));
  CHECK(settings(false, "") == std::pair(sandboxing::on, 30'000ms));
  CHECK(settings(true, std::nullopt) == std::pair(sandboxing::on, 30'000ms));
  CHECK(settings(true, "require") == std::pair(sandboxing::required, 30'000ms));
  CHECK(settings(true, "off") == std::pair(sandboxing::off, 30'000ms));
}

TEST_CASE("config: what is printed holds no password, in the same order each time") {
  const project p("url = \"postgresql://u:hunter2 x@h/d\"\n");
  const config::settings s = p.load();
  for (const auto& e : s.entries) CHECK(e.value.find("hunter2") == std::string::npos);
  CHECK(entry(s, "url").value == "postgresql://u:***@h/d");
  CHECK(s.entries.front().key == "config");
  CHECK(s.entries.back().key == "sqlite.extensions");
}

TEST_CASE("config: a setting of a later version is refused by name and line, not called a typo") {
  const auto message = [](std::string_view toml) { return project(toml).failure().message; };
  CHECK(message("[env.a.postgres]\nmax_block = \"0\"\n")
            .starts_with("'env.a.postgres.max_block' is not in luamig "));
  CHECK(message("[databases.legacy]\nurl = \"sqlite://\"\nwrite = true\n")
            .starts_with("'databases.legacy.write' is not in luamig "));
  CHECK(project("\n[postgres]\nmax_block = \"0\"\n").failure().line == 3);
  CHECK(message("[log]\nlevel = \"warn\"\n") == "'warn' is not a log.level");
}

TEST_CASE(
    "config: a second database is looked for when it is asked for, and shown without password") {
  const project p(
      "[databases.old]\nurl = \"postgresql://u:${PW}@h/old\"\n[databases.told]\n"
      "url_command = \"echo sqlite:///told.db\"\n[databases.memory]\nurl = \"sqlite://\"\n"
      "[env.a.databases.old]\nurl_command = \"echo sqlite:///a.db\"\n"
      "[env.b.databases.told]\nurl = \"sqlite:///b.db\"\n");
  const config::environment env{{"PW", "hunter2"}};
  const auto file_of = [&](const config::settings& s, std::string_view name) {
    return config::read_database(s, env, name).file.filename().string();
  };
  const config::settings s = p.load({}, env);
  CHECK(config::read_database(s, env, "old").database == "old");
  CHECK(entry(s, "databases.old").value == "postgresql://u:***@h/old");
  CHECK(entry(s, "databases.told").value == "by url_command, when a migration asks");
  CHECK(file_of(s, "told") == "told.db");
  CHECK(file_of(p.load(with_env("a"), env), "old") == "a.db");
  CHECK(file_of(p.load(with_env("b"), env), "told") == "b.db");
  CHECK(entry(p.load(), "databases.old").value == "needs ${PW}, which is not set");

  const auto fails = [&](const config::settings& in, std::string_view name) {
    try {
      (void)config::read_database(in, env, name);
    } catch (const error& e) {
      return e.message;
    }
    return std::string("no error");
  };
  CHECK(fails(s, "odl") == "luamig.toml has no database 'odl' (did you mean 'old'?)");
  CHECK(fails(p.load(), "old") ==
        "the database 'old' (luamig.toml:2) needs ${PW}, which is not set");
  CHECK(fails(s, "memory") ==
        "the database 'memory' (luamig.toml:6) is one in memory: nothing is in it");
}

TEST_CASE("config: a second database has a plain name, and one URL") {
  const auto message = [](std::string_view toml) { return project(toml).failure().message; };
  CHECK(message("[databases.a]\nulr = \"x\"\n") == "unknown key 'databases.a.ulr'");
  CHECK(message("[databases]\na = \"x\"\n").starts_with("'databases.a' is a section"));
  CHECK(message("[databases.\"a b\"]\nurl = \"x\"\n") == "'a b' is no name of a database");
  CHECK(message("[databases.a]\nurl = 5\n") == "'databases.a.url' must be a text in quotes");
  CHECK(message("[databases.a]\nurl = \"${X\"\n") == "'databases.a.url' has a '${' without NAME}");
  CHECK(message("[databases.a]\nurl = \"x\"\nurl_command = \"y\"\n") ==
        "both 'url' and 'url_command' are set for 'databases.a'");
}

TEST_CASE("config: secrets are read when they are asked for, and shown by no name") {
  const project p(
      "[secrets]\nKEY = \"${A}-${B}\"\nPEPPER = { file = \"pepper\" }\nGONE.file = \"none\"\n"
      "NONE = \"${NOSUCH}\"\n[env.a.secrets]\nPEPPER = \"of environment a\"\n");
  file::create(p.path / "pepper", "grains of it\r\n");
  const config::environment env{{"A", "hunter2"}, {"B", "hunter3"}};
  const config::settings s = p.load({}, env);
  CHECK(config::read_secret(s.secrets, "KEY") == "hunter2-hunter3");
  CHECK(config::read_secret(s.secrets, "PEPPER") == "grains of it");
  CHECK(config::read_secret(p.load(with_env("a"), env).secrets, "PEPPER") == "of environment a");
  CHECK(entry(s, "secrets.KEY").value == "***");
  CHECK(entry(s, "secrets.PEPPER").from == "luamig.toml:3");
  const auto fails = [&s](std::string_view name) {
    try {
      return config::read_secret(s.secrets, name);
    } catch (const error& e) {
      return e.message;
    }
  };
  CHECK(fails("NONE") == "the secret 'NONE' (luamig.toml:5) needs ${NOSUCH}, which is not set");
  CHECK(fails("GONE").starts_with("cannot read "));
  CHECK(fails("KEYS") == "luamig.toml has no secret 'KEYS' (did you mean 'KEY'?)");
}

TEST_CASE("config: a secret is a text or a file's, under a plain name") {
  const auto message = [](std::string_view toml) { return project(toml).failure().message; };
  CHECK(message("[secrets]\nKEY = 7\n") == "'secrets.KEY' must be a text in quotes");
  CHECK(message("[secrets]\nKEY = { files = \"x\" }\n") == "unknown key 'secrets.KEY.files'");
  CHECK(message("[secrets]\n\"a b\" = \"x\"\n") == "'a b' is no name of a secret");
  CHECK(message("secrets = \"x\"\n").starts_with("'secrets' is a section, not a value"));
  CHECK(message("[secrets]\nKEY = \"${A\"\n") == "'secrets.KEY' has a '${' without NAME}");
}

TEST_CASE("config: luamig.toml is searched upwards, -c and LUAMIG_CONFIG name another") {
  const project p("version_table = \"up\"\n");
  std::filesystem::create_directories(p.path / "a/b");
  file::create(p.path / "a/other.toml", "version_table = \"other\"\n");
  const auto deep = config::load({}, {}, p.path / "a/b");
  CHECK(deep.version_table == "up");
  CHECK(deep.directory == p.path);

  const config::environment env{{"LUAMIG_CONFIG", "a/other.toml"}};
  const config::settings by_variable = p.load({}, env);
  CHECK(by_variable.version_table == "other");
  CHECK(by_variable.directory == p.path / "a");
  CHECK(origin(by_variable, "version_table") == "other.toml:1");

  config::overrides flags;
  flags.config_file = "luamig.toml";
  CHECK(p.load(flags, env).version_table == "up");
  flags.config_file = "none.toml";
  CHECK(p.failure(flags).message ==
        "there is no file '" + (p.path / "none.toml").string() + "' (-c)");
}

TEST_CASE("config: without luamig.toml a URL and ./migrations are enough") {
  const project p;
  const config::environment env{{"DATABASE_URL", "sqlite:///x.db"}};
  const error nothing = p.failure({}, env);
  CHECK(nothing.code == errc::config);
  CHECK(nothing.hint.find("luamig init") != std::string::npos);
  std::filesystem::create_directory(p.path / "migrations");
  CHECK(p.load({}, env).url == "sqlite:///x.db");
  CHECK(p.load(with_url("sqlite://")).url_from_flag);
  CHECK(p.load(with_x({"url=sqlite://"})).file.empty());
  CHECK_THROWS_AS((void)p.load(), error);
  config::overrides flags = with_url("sqlite://");
  flags.env_name = "production";
  CHECK(p.failure(flags).message == "there is no [env.production]: no luamig.toml was found");
}

TEST_CASE("config: Alembic's settings are not read, and the hint says so") {
  const project p;
  CHECK(p.failure({}, {{"ALEMBIC_CONFIG", "x"}}).hint.find("ALEMBIC_CONFIG is not read") !=
        std::string::npos);
  file::create(p.path / "alembic.ini", "");
  CHECK(p.failure().hint.find("alembic.ini is not read") != std::string::npos);
}

TEST_CASE("config: -u and -x url= win over everything, and not together") {
  const project p("url = \"sqlite:///file.db\"\n[env.e]\nurl = \"sqlite:///env.db\"\n");
  const config::environment env{{"DATABASE_URL", "sqlite:///variable.db"}, {"LUAMIG_ENV", "e"}};
  const config::settings u = p.load(with_url("sqlite:///u.db"), env);
  CHECK(u.url == "sqlite:///u.db");
  CHECK(u.url_from_flag);
  CHECK(origin(u, "url") == "-u");
  const config::settings x = p.load(with_x({"tenant=7", "url=sqlite:///x.db", "fast"}), env);
  CHECK(x.url == "sqlite:///x.db");
  CHECK(x.url_from_flag);
  CHECK(origin(x, "url") == "-x url");
  CHECK(x.x ==
        std::vector<config::x_argument>{{"tenant", "7"}, {"url", "sqlite:///x.db"}, {"fast", ""}});
  config::overrides both = with_x({"url=a"});
  both.url = "b";
  CHECK(p.failure(both).code == errc::usage);
  CHECK(p.failure(with_x({"=a"})).code == errc::usage);
}

TEST_CASE("config: DATABASE_URL wins over url, and the environment over .env") {
  const project p("url = \"sqlite:///file.db\"\n");
  CHECK(origin(p.load(), "url") == "luamig.toml:1");
  CHECK_FALSE(p.load().url_from_flag);
  file::create(p.path / ".env", "\n\nDATABASE_URL=sqlite:///dotenv.db\n");
  const config::settings dotenv = p.load();
  CHECK(dotenv.url == "sqlite:///dotenv.db");
  CHECK(origin(dotenv, "url") == ".env:3");
  const config::settings variable = p.load({}, {{"DATABASE_URL", "sqlite:///variable.db"}});
  CHECK(variable.url == "sqlite:///variable.db");
  CHECK(origin(variable, "url") == "DATABASE_URL");
}

TEST_CASE("config: an empty DATABASE_URL counts as not set") {
  const project p("url = \"sqlite:///file.db\"\n");
  CHECK(p.load({}, {{"DATABASE_URL", ""}}).url == "sqlite:///file.db");
}

TEST_CASE(
    "config: with -n the section's url wins over DATABASE_URL, which fills in where it has none") {
  const project p(R"(url = "sqlite:///file.db"
[env.own]
url = "sqlite:///own.db"
[env.named]
url = "${DATABASE_URL}"
[env.none]
protected = true
)");
  const config::environment env{{"DATABASE_URL", "sqlite:///variable.db"}};
  const config::settings own = p.load(with_env("own"), env);
  CHECK(own.url == "sqlite:///own.db");
  CHECK(origin(own, "url") == "[env.own] luamig.toml:3");
  CHECK(p.load(with_env("named"), env).url == "sqlite:///variable.db");
  CHECK(p.load(with_env("none"), env).url == "sqlite:///variable.db");
  CHECK(p.load(with_env("none")).url == "sqlite:///file.db");
  CHECK(p.load(with_env("none")).is_protected);
}

TEST_CASE(
    "config: a URL that needs an unset variable is no other URL, and no error until it is used") {
  const project p("url = \"sqlite:///dev.db\"\n[env.production]\nurl = \"${SECRET_URL}\"\n");
  const config::settings s = p.load(with_env("production"));
  CHECK(s.url.empty());
  REQUIRE(s.no_url);
  CHECK(s.no_url->message == "'url' needs ${SECRET_URL}, which is not set");
  CHECK(s.no_url->line == 3);
  CHECK(origin(s, "url") == "[env.production] luamig.toml:3");
  CHECK_FALSE(p.load().no_url);
  const project empty("");
  CHECK(empty.load().no_url->message == "no database URL is set");
}

TEST_CASE("config: url_command gives its first line, where nothing before it does") {
  const project p("url_command = \"cat url.txt; echo second\"\n");
  file::create(p.path / "url.txt", "sqlite:///told.db\n");
  const config::environment env{{"PATH", "/usr/bin:/bin"}};
  const config::settings s = p.load({}, env);
  CHECK(s.url == "sqlite:///told.db");
  CHECK(origin(s, "url") == "url_command, luamig.toml:1");
  CHECK(p.load(with_url("sqlite://"), env).url == "sqlite://");

  const project failing("url_command = \"exit 3\"\n");
  CHECK(failing.load({}, env).no_url->message == "url_command ended with status 3");
  const project silent("url_command = \"true\"\n");
  CHECK(silent.load({}, env).no_url->message == "url_command printed nothing");
  const project both("url = \"sqlite://\"\nurl_command = \"true\"\n");
  CHECK(both.load({}, env).no_url->message == "both 'url' and 'url_command' are set");
}

TEST_CASE("config: url_command is bounded in time and size, and nothing of it is left behind") {
  const project p;
  const config::environment env{{"PATH", "/usr/bin:/bin"}};
  const auto run = [&](const std::string& command, config::command_limits most = {}) {
    return config::run_command(command, p.path, env, most);
  };
  const auto began = std::chrono::steady_clock::now();
  CHECK(run("sleep 60 & echo $! >pid; sleep 60", {300ms}).failure == "did not end within 300 ms");
  CHECK(std::chrono::steady_clock::now() - began < 20s);
  const std::string pid = file::read(p.path / "pid");
  CHECK(run("while kill -0 " + std::string(text::trim(pid)) + " 2>/dev/null &&" +
                " ! grep -q '^State:.Z' /proc/" + std::string(text::trim(pid)) +
                "/status; do :; done; echo gone",
            {10s})
            .first_line == "gone");
  CHECK(run("yes").failure == "printed more than 64 KB");
  CHECK(run("yes >&2", {300ms}).failure.find("did not end within") == 0);
  CHECK(run("sleep 60 & echo $! >pid; echo told").first_line == "told");
  CHECK(run("kill $(cat pid); echo ended").first_line == "ended");
  CHECK(run("cat; echo told").first_line == "told");
  CHECK(run("echo no: postgresql://app:s3cret@h/x >&2; exit 3").failure ==
        "ended with status 3: no: postgresql://app:***@h/x");
  CHECK(run("kill -9 $$").failure == "was killed by signal 9");
}

TEST_CASE("config: a NUL in the file, or in .env, is refused with its line") {
  const project p("\nmigrations = \"a\\u0000b\"\n");
  CHECK(p.failure().message == "'migrations' holds a NUL");
  CHECK(p.failure().line == 2);
  CHECK(project("version_locations = [\"a\", \"a\\u0000b\"]\n").failure().message ==
        "'version_locations' holds a NUL");
  const project dotenv("");
  file::create(dotenv.path / ".env", std::string("A=b\nC=d\0e\n", 10));
  CHECK(dotenv.failure().line == 2);
}

TEST_CASE("config: a .env or luamig.toml that is no file is not passed over") {
  const project p("url = \"sqlite://\"\n");
  std::filesystem::create_directory(p.path / ".env");
  CHECK(p.load().url == "sqlite://");
  std::filesystem::remove(p.path / ".env");
  std::filesystem::create_symlink("gone", p.path / ".env");
  CHECK(p.failure().message.find("link to a file that is not there") != std::string::npos);
  std::filesystem::remove(p.path / ".env");
  std::filesystem::remove(p.path / "luamig.toml");
  std::filesystem::create_symlink("gone", p.path / "luamig.toml");
  CHECK(p.failure().code == errc::config);
}

TEST_CASE("config: ${NAME} is expanded from the environment, then .env, and $$ is a dollar") {
  const project p("version_table = \"${A}_${B}_$$x_$y\"\n");
  file::create(p.path / ".env", "A=dotenv\nB=b\nB=later\n");
  CHECK(p.load({}, {{"A", "process"}}).version_table == "process_later_$x_$y");
  const project unset("\nversion_table = \"${NOWHERE}\"\n");
  const error problem = unset.failure();
  CHECK(problem.message == "'version_table' needs ${NOWHERE}, which is not set");
  CHECK(problem.line == 2);
  CHECK(problem.file == (unset.path / "luamig.toml").string());
  const project open("version_table = \"${A\"\n");
  CHECK(open.failure().message == "'version_table' has a '${' without NAME}");
}

TEST_CASE("config: [env.NAME] overrides any key, sections too, and others are not looked into") {
  const project p(R"(lock_wait = "1s"
[limits]
memory = 1048577
[env.b]
lock_wait = "2s"
[env.b.limits]
memory = 1048579
[env.a]
version_table = "${UNSET}"
)");
  const config::settings s = p.load(with_env("b"));
  CHECK(s.lock_wait == 2s);
  CHECK(s.memory_limit == 1048579);
  CHECK(origin(s, "limits.memory") == "[env.b] luamig.toml:7");
  CHECK(s.env_names == std::vector<std::string>{"b", "a"});
  CHECK(p.load({}, {{"LUAMIG_ENV", "b"}}).env_name == "b");
  CHECK(p.load(with_env("all")).lock_wait == 1s);
  const error unknown = p.failure(with_env("c"));
  CHECK(unknown.message == "there is no [env.c] (did you mean 'b'?)");
  CHECK(unknown.hint == "it has: b, a");
  CHECK(project("[env.all]\n").failure().message == "an environment cannot be named 'all'");
}

TEST_CASE("config: an unknown key is named with its line and the word that was meant") {
  const error misspelt = project("\nversion_tabel = \"x\"\n").failure();
  CHECK(misspelt.code == errc::config);
  CHECK(misspelt.message == "unknown key 'version_tabel' (did you mean 'version_table'?)");
  CHECK(misspelt.line == 2);
  CHECK(project("[env.a.limits]\nmemry = 1\n").failure().message ==
        "unknown key 'env.a.limits.memry' (did you mean 'memory'?)");
  CHECK(project("[postgre]\n").failure().message ==
        "unknown section 'postgre' (did you mean 'postgres'?)");
  const error misplaced = project("[log]\nprotected = true\n").failure();
  CHECK(misplaced.message == "unknown key 'log.protected'");
  CHECK(misplaced.hint == "'protected' is one; keys of no section stand above the first [section]");
}

TEST_CASE("config: a section where a value belongs, and the reverse, are explained") {
  CHECK(project("limits = 5\n").failure().message == "'limits' is a section, not a value");
  CHECK(project("[env]\nx = 5\n").failure().message == "'env.x' is a section, not a value");
  CHECK(project("[url]\n").failure().message == "'url' is a value, not a section");
}

TEST_CASE("config: a value of a wrong kind is named with its line") {
  const auto message = [](std::string_view toml) { return project(toml).failure().message; };
  CHECK(message("url = 5\n") == "'url' must be a text in quotes");
  CHECK(message("protected = \"yes\"\n") == "'protected' must be true or false");
  CHECK(message("version_locations = \"a\"\n") ==
        "'version_locations' must be a list of texts, [\"a\", \"b\"]");
  CHECK(message("version_locations = [1]\n").starts_with("'version_locations' must be a list"));
  CHECK(message("lock_wait = 60\n").starts_with("'lock_wait' must be a duration in quotes"));
  CHECK(message("lock_wait = \"soon\"\n") == "'lock_wait' 'soon' is not a duration");
  CHECK(message("[limits]\nmemory = \"lots\"\n") == "'limits.memory' 'lots' is not a size");
  CHECK(message("[log]\nlevel = \"inof\"\n") == "'inof' is not a log.level (did you mean 'info'?)");
  CHECK(message("version_table = \"\"\n") == "'version_table' is empty");
  CHECK(project("\nlock_wait = \"soon\"\n").failure().line == 2);
  CHECK(project("url = 1979-05-27\n").failure().code == errc::config);
}

TEST_CASE("config: what is not TOML is an error with its line") {
  const error broken = project("url = \"a\"\nurl = \"b\"\n").failure();
  CHECK(broken.message.starts_with("not valid TOML: "));
  CHECK(broken.line == 2);
  CHECK(project("[log]\n[log]\n").failure().line == 2);
  CHECK(project("url = sqlite\n").failure().code == errc::config);
  CHECK(project("x = \"\xff\"\n").failure().code == errc::config);
}

TEST_CASE("config: flags override the file's times, and a wrong one is a usage error") {
  const project p("lock_wait = \"1s\"\n");
  config::overrides flags;
  flags.lock_wait = "5s";
  flags.statement_timeout = "7s";
  const config::settings s = p.load(flags);
  CHECK(s.lock_wait == 5s);
  CHECK(s.statement_timeout == 7s);
  CHECK(origin(s, "lock_wait") == "--lock-wait");
  flags.lock_wait = "soon";
  CHECK(p.failure(flags).code == errc::usage);
}

TEST_CASE("config: the environment of this process can be had") {
  const config::environment env = config::process_environment();
  CHECK(env.contains("PATH"));
}

TEST_CASE(
    "config: what `luamig init` writes is read without a complaint, with every line in force") {
  for (const char* kind : {"generic", "multidb"}) {
    std::string text = file::read(test::source_tree() / "stdlib/templates" / kind / "luamig.toml");
    CHECK(project(text).load().migrations.filename() == "migrations");
    // Each setting that stands there as a comment is one, too.
    std::string all;
    for (const std::string& line : text::split(text, '\n')) {
      const bool setting = line.starts_with("# ") && line.find(" = ") != std::string::npos;
      const bool section = line.starts_with("# [");
      const bool second_url = line.starts_with("# url = \"postgresql");
      all += ((setting || section) && !second_url ? line.substr(2) : line) + "\n";
    }
    const project p(all);
    const config::settings s = p.load({}, {{"PHONE_KEY", "k"}, {"DATABASE_URL", "sqlite://"}});
    CHECK_FALSE(s.env_names.empty());
    CHECK(s.version_locations == std::vector{p.path / "migrations/versions"});
  }
}
