#include "db/url.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "db/mask.hpp"

namespace luamig::db {

namespace {

constexpr std::string_view accepted_forms =
    "accepted forms: sqlite:///relative.db, sqlite:////absolute.db, sqlite:// (in memory), "
    "postgresql://user:***@host:5432/database?option=value, "
    "postgresql+driver://… (the driver is ignored)";

constexpr std::array<std::string_view, 6> ssl_modes = {"disable", "allow",     "prefer",
                                                       "require", "verify-ca", "verify-full"};

int hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

[[noreturn]] void refuse(std::string_view shown, const std::string& why) {
  throw error{errc::config, "the database URL '" + std::string(shown) + "' " + why,
              std::string(accepted_forms)};
}

std::string percent_decoded(std::string_view text, std::string_view shown) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 1 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      throw error{errc::config,
                  "the database URL '" + std::string(shown) +
                      "' has a '%' that two hexadecimal digits do not follow",
                  "write a percent sign itself as %25"};
    }
    if (high == 0 && low == 0) refuse(shown, "has a %00, which no name can hold");
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

url parse_sqlite(std::string_view rest, const std::filesystem::path& directory,
                 std::string_view shown) {
  url out;
  out.kind = engine::sqlite;
  out.shown = shown;
  if (rest.find('?') != std::string_view::npos) {
    refuse(shown, "has options after '?', of which SQLite has none (write '?' in a name as %3F)");
  }
  if (rest.empty() || rest == "/:memory:") return out;
  if (rest == "/") {
    throw error{errc::config, "the database URL '" + std::string(shown) + "' names no file",
                "write sqlite:///app.db for a file, sqlite:// for a database in memory"};
  }
  if (rest.front() != '/') {
    refuse(shown, "names a host; a SQLite file takes three slashes: 'sqlite:///" +
                      std::string(shown.substr(shown.find("://") + 3)) + "'");
  }
  const std::filesystem::path file = percent_decoded(rest.substr(1), shown);
  out.file = (file.is_absolute() ? file : directory / file).lexically_normal();
  if (out.file.is_relative()) out.file = std::filesystem::absolute(out.file);
  return out;
}

struct option {
  std::string name;
  std::string value;
};

std::vector<option> options_of(std::string_view rest, std::string_view shown) {
  std::vector<option> out;
  const std::size_t query = std::min(rest.find('?'), rest.size());
  if (query == rest.size()) return out;
  for (const std::string& text : text::split(rest.substr(query + 1), '&')) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) refuse(shown, "has an option without '='");
    out.push_back({text.substr(0, equals),
                   percent_decoded(std::string_view(text).substr(equals + 1), shown)});
  }
  return out;
}

/// `dbname=` among the options wins over the path, as it does in libpq.
std::string database_of(std::string_view rest, const std::vector<option>& options,
                        std::string_view shown) {
  const std::size_t query = std::min(rest.find('?'), rest.size());
  const std::size_t slash = rest.substr(0, query).find('/');
  std::string found;
  if (slash < query) found = percent_decoded(rest.substr(slash + 1, query - slash - 1), shown);
  for (const option& o : options) {
    if (o.name == "dbname") found = o.value;
  }
  return found;
}

bool is_port(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// An empty one is the default.
void refuse_impossible_port(std::string_view port, std::string_view shown) {
  constexpr unsigned last = 65'535;
  unsigned number = 0;
  const auto [end, why] = std::from_chars(port.data(), port.data() + port.size(), number);
  const bool is_number = why == std::errc{} && end == port.data() + port.size();
  if (port.empty() || (is_number && number >= 1 && number <= last)) return;
  refuse(shown, "has a port that is not between 1 and 65535");
}

/// Whether a '/' or '?' cuts "user:password" from its '@'.
bool is_cut(std::string_view rest, std::string_view authority) {
  const std::size_t colon = authority.find(':');
  if (authority.find('@') != std::string_view::npos || colon == std::string_view::npos ||
      authority.starts_with('[')) {
    return false;
  }
  const std::string_view port = authority.substr(colon + 1, authority.find(',') - colon - 1);
  return rest.find('@') < (is_port(port) ? query_start(rest) : std::string_view::npos);
}

/// libpq would end the password at the first of these, and print the rest as a host or a port.
void refuse_raw_signs(std::string_view rest, std::string_view shown) {
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
  const std::string_view before = rest.substr(0, query_start(rest));
  std::string why;
  if (std::count(before.begin(), before.end(), '@') > 1) {
    why = "has more than one '@'";
  } else if (is_cut(rest, authority)) {
    why = "has a '/' or '?' before the '@' that ends its password";
  } else {
    return;
  }
  throw error{errc::config, "the database URL '" + std::string(shown) + "' " + why,
              "in a user or a password, write '@' as %40, '/' as %2F and '?' as %3F"};
}

/// libpq's complaint would show it, and it may be the password of a URL without a host.
void refuse_odd_port(std::string_view rest, std::string_view shown) {
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
  const std::size_t at = authority.rfind('@');
  const std::string_view hosts = authority.substr(at == std::string_view::npos ? 0 : at + 1);
  if (!has_plain_ports(hosts)) refuse(shown, "has a port that is not a number");
  for (const std::string& host : text::split(hosts, ',')) {
    const std::size_t address = host.starts_with('[') ? std::min(host.find(']'), host.size()) : 0;
    const std::size_t colon = std::min(host.find(':', address), host.size());
    refuse_impossible_port(std::string_view(host).substr(std::min(colon + 1, host.size())), shown);
  }
}

/// What libpq would say only when it connects.
void refuse_odd_options(const std::vector<option>& options, std::string_view shown) {
  for (const option& o : options) {
    if (o.name == "port") {
      for (const std::string& port : text::split(o.value, ',')) refuse_impossible_port(port, shown);
    }
    if (o.name != "sslmode" || o.value.empty()) continue;
    if (std::find(ssl_modes.begin(), ssl_modes.end(), o.value) != ssl_modes.end()) continue;
    refuse(shown,
           "has an sslmode that is none of disable, allow, prefer, require, verify-ca and "
           "verify-full");
  }
}

url parse_postgresql(std::string_view rest, std::string_view shown) {
  refuse_raw_signs(rest, shown);
  refuse_odd_port(rest, shown);
  url out;
  out.kind = engine::postgresql;
  out.shown = shown;
  (void)percent_decoded(rest, shown);
  const std::vector<option> options = options_of(rest, shown);
  refuse_odd_options(options, shown);
  out.database = database_of(rest, options, shown);
  out.conninfo = "postgresql://" + std::string(rest);
  return out;
}

std::optional<engine> engine_of(std::string_view scheme) {
  if (scheme == "sqlite") return engine::sqlite;
  if (scheme == "postgresql" || scheme == "postgres") return engine::postgresql;
  return std::nullopt;
}

[[noreturn]] void refuse_scheme(std::string_view scheme, std::string_view shown) {
  static const std::vector<std::string> known = {"sqlite", "postgresql", "postgres"};
  std::string near = text::did_you_mean(scheme, known);
  if (scheme == "sqlite3") near = " (did you mean 'sqlite'?)";
  if (scheme == "pgsql" || scheme == "psql" || scheme == "pg")
    near = " (did you mean 'postgresql'?)";
  refuse(shown, "has the unknown scheme '" + std::string(scheme) + "'" + near);
}

}  // namespace

std::string_view name(engine e) noexcept { return e == engine::sqlite ? "sqlite" : "postgresql"; }

url parse_url(std::string_view given, const std::filesystem::path& directory) {
  const std::string_view text = text::trim(given);
  if (text.empty()) {
    throw error{errc::config, "the database URL is empty", std::string(accepted_forms)};
  }
  const std::size_t mark = scheme_end(text);
  if (mark == std::string_view::npos) {
    throw error{errc::config,
                "the database URL has no 'scheme://' (it is not shown: it may hold a password)",
                std::string(accepted_forms)};
  }
  const std::string shown = mask_url(text);
  if (text.find('\0') != std::string_view::npos) refuse(shown, "holds a NUL");
  std::string scheme = text::lower_ascii(text.substr(0, mark));
  scheme = scheme.substr(0, scheme.find('+'));
  const std::optional<engine> kind = engine_of(scheme);
  if (!kind) refuse_scheme(scheme, shown);
  const std::string_view rest = text.substr(mark + 3);
  return *kind == engine::sqlite ? parse_sqlite(rest, directory, shown)
                                 : parse_postgresql(rest, shown);
}

}  // namespace luamig::db
