#include "db/mask.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "base/text.hpp"

namespace luamig::db {

namespace {

constexpr std::string_view stars = "***";
constexpr std::array<std::string_view, 5> secret_keys = {"password", "sslpassword", "passwd", "pwd",
                                                         "pgpassword"};

/// What was hidden, and as SQL quotes it where that is another text.
std::vector<std::string>& hidden() {
  static std::vector<std::string> texts;
  return texts;
}

void find_hidden(std::string_view text, std::vector<secret>& into) {
  for (const std::string& word : hidden()) {
    for (std::size_t at = text.find(word); at != std::string_view::npos;
         at = text.find(word, at + word.size()))
      into.push_back({at, word.size()});
  }
}

}  // namespace

bool holds_hidden(std::string_view text) {
  std::vector<secret> found;
  find_hidden(text, found);
  return !found.empty();
}

namespace {

bool is_alnum(char c) noexcept { return std::isalnum(static_cast<unsigned char>(c)) != 0; }
bool is_blank(char c) noexcept { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool in_key(char c) noexcept { return is_alnum(c) || c == '_' || c == '-' || c == '%'; }

std::size_t key_end(std::string_view text, std::size_t at) noexcept {
  while (at < text.size() && in_key(text[at])) ++at;
  return at;
}

/// libpq decodes %XX in keys as well.
std::string decoded_key(std::string_view key) {
  std::string out;
  for (std::size_t i = 0; i < key.size(); ++i) {
    unsigned char byte = 0;
    const char* const digits = key.data() + i + 1;
    if (key[i] == '%' && i + 2 < key.size() &&
        std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2) {
      out += static_cast<char>(byte);
      i += 2;
    } else {
      out += key[i];
    }
  }
  return text::lower_ascii(out);
}

/// The length of a `password =` that begins at `at`, the blanks and '=' included, or 0.
std::size_t secret_key_at(std::string_view text, std::size_t at) {
  if (!in_key(text[at]) || (at > 0 && in_key(text[at - 1]))) return 0;
  std::size_t end = key_end(text, at);
  const std::string key = decoded_key(text.substr(at, end - at));
  if (std::find(secret_keys.begin(), secret_keys.end(), key) == secret_keys.end()) return 0;
  while (end < text.size() && text[end] == ' ') ++end;
  if (end >= text.size() || text[end] != '=') return 0;
  ++end;
  while (end < text.size() && text[end] == ' ') ++end;
  return end - at;
}

/// What stands around a password: `whole` text is one URL, in which blanks do not end it.
enum class around { text, url, whole };

std::size_t secret_end(std::string_view text, std::size_t at, around place) {
  if (place == around::whole) return std::min(text.find('&', at), text.size());
  if (at < text.size() && text[at] == '\'') {
    for (++at; at < text.size() && text[at] != '\''; ++at) {
      if (text[at] == '\\') ++at;
    }
    return std::min(at + 1, text.size());
  }
  while (at < text.size() && !is_blank(text[at]) &&
         !(place == around::url && (text[at] == '&' || text[at] == '"' || text[at] == '\''))) {
    ++at;
  }
  return at;
}

void find_keys(std::string_view text, around place, std::vector<secret>& into) {
  const bool whole = place == around::whole;
  for (std::size_t i = 0; i < text.size();) {
    if (!whole && is_blank(text[i])) place = around::text;
    if (!whole && text.substr(i, 3) == "://") place = around::url;
    const std::size_t key = secret_key_at(text, i);
    if (key == 0) {
      ++i;
      continue;
    }
    const std::size_t end = secret_end(text, i + key, place);
    into.push_back({i + key, end - i - key});
    i = end;
  }
}

/// The password of "user:password@host…", which stands in a text from `from` on.
void find_in_authority(std::string_view rest, std::size_t from, std::vector<secret>& into) {
  const std::size_t colon = rest.find(':');
  const std::size_t end_of_user = rest.substr(0, query_start(rest)).rfind('@');
  const bool only_user = end_of_user != std::string_view::npos && end_of_user < colon;
  const std::size_t at = rest.rfind('@');
  if (at == std::string_view::npos || colon > at || only_user) return;
  into.push_back({from + colon + 1, at - colon - 1});
}

/// A "user:password" that no host follows looks like a host and its port.
void find_in_port(std::string_view rest, std::size_t from, std::vector<secret>& into) {
  const std::string_view authority = rest.substr(0, rest.find_first_of("/?"));
  const std::size_t user = authority.rfind('@') + 1;  // 0 where there is none
  if (has_plain_ports(authority.substr(user))) return;
  const std::size_t secret = rest.find(':', user) + 1;
  into.push_back({from + secret, rest.size() - secret});
}

std::size_t token_end(std::string_view text, std::size_t from) {
  return std::min(text.find_first_of(" \t\r\n\"'`<>", from), text.size());
}

/// In order, and none within another.
std::vector<secret> in_order(std::vector<secret> found) {
  std::sort(found.begin(), found.end(),
            [](const secret& a, const secret& b) { return a.at < b.at; });
  std::vector<secret> out;
  for (const secret& next : found) {
    const std::size_t end = out.empty() ? 0 : out.back().at + out.back().size;
    if (out.empty() || next.at > end) {
      out.push_back(next);
    } else {
      out.back().size = std::max(end, next.at + next.size) - out.back().at;
    }
  }
  return out;
}

std::string with_stars(std::string_view text, const std::vector<secret>& secrets) {
  std::string out;
  std::size_t from = 0;
  for (const secret& s : secrets) {
    out += text.substr(from, s.at - from);
    out += stars;
    from = s.at + s.size;
  }
  out += text.substr(from);
  return out;
}

}  // namespace

std::size_t scheme_end(std::string_view text) noexcept {
  const std::size_t mark = text.find("://");
  if (mark == 0 || mark == std::string_view::npos) return std::string_view::npos;
  const bool plain = std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(mark),
                                 [](char c) { return is_alnum(c) || c == '+' || c == '-'; });
  return plain ? mark : std::string_view::npos;
}

std::size_t query_start(std::string_view text) noexcept {
  for (std::size_t at = text.find('?'); at != std::string_view::npos; at = text.find('?', at + 1)) {
    const std::size_t end = key_end(text, at + 1);
    if (end > at + 1 && end < text.size() && text[end] == '=') return at;
  }
  return text.size();
}

bool has_plain_ports(std::string_view hosts) {
  for (const std::string& host : text::split(hosts, ',')) {
    const std::size_t address = host.starts_with('[') ? std::min(host.find(']'), host.size()) : 0;
    const std::size_t colon = std::min(host.find(':', address), host.size());
    if (host.find_first_not_of("0123456789", std::min(colon + 1, host.size())) !=
        std::string::npos) {
      return false;
    }
  }
  return true;
}

std::vector<secret> secrets_in(std::string_view text) {
  std::vector<secret> found;
  for (std::size_t mark = text.find("://"); mark != std::string_view::npos;
       mark = text.find("://", token_end(text, mark + 3))) {
    const std::size_t from = mark + 3;
    find_in_authority(text.substr(from, token_end(text, from) - from), from, found);
  }
  find_keys(text, around::text, found);
  find_hidden(text, found);
  return in_order(std::move(found));
}

std::vector<secret> secrets_of_url(std::string_view text) {
  const std::size_t start = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  if (start == text.size()) return {};
  const std::size_t mark = scheme_end(text.substr(start));
  if (mark == std::string_view::npos) return {{start, text.size() - start}};
  std::vector<secret> found;
  const std::size_t from = start + mark + 3;
  find_in_authority(text.substr(from), from, found);
  find_in_port(text.substr(from), from, found);
  find_keys(text, around::whole, found);
  find_hidden(text, found);
  return in_order(std::move(found));
}

void hide(std::string_view text) {
  const std::string quoted = text::sql_string(text);
  for (const std::string& word :
       {std::string(text), quoted.size() > 2 ? quoted.substr(1, quoted.size() - 2) : ""}) {
    std::vector<std::string>& all = hidden();
    if (!word.empty() && std::find(all.begin(), all.end(), word) == all.end()) all.push_back(word);
  }
}

std::string mask(std::string_view text) { return with_stars(text, secrets_in(text)); }

std::string mask_url(std::string_view text) { return with_stars(text, secrets_of_url(text)); }

}  // namespace luamig::db
