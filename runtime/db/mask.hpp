#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace luamig::db {

/// Where a password stands in a text.
struct secret {
  std::size_t at = 0;
  std::size_t size = 0;
};

/// The passwords in a text of any kind: of its URLs, and after `password=` as in libpq's own
/// strings and options (the key percent-encoded too). In their order, apart from each other. Rather
/// too much than too little: a raw '@', '/' or '?' ends no password.
[[nodiscard]] std::vector<secret> secrets_in(std::string_view text);

/// The same in a text that is meant as one URL: blanks end nothing, and without "scheme://" the
/// whole of it is a secret.
[[nodiscard]] std::vector<secret> secrets_of_url(std::string_view text);

/// The text with *** in the place of every password. What leaves the program goes through here.
[[nodiscard]] std::string mask(std::string_view text);
[[nodiscard]] std::string mask_url(std::string_view text);

/// From now on the text is a secret too, for `mask` and `mask_url`, wherever it stands in another.
/// For the whole process: a printer that had to be told could be forgotten.
void hide(std::string_view text);

/// Whether a text holds one that was hidden.
[[nodiscard]] bool holds_hidden(std::string_view text);

/// Where the "scheme" of "scheme://…" ends; npos where the text does not begin as a URL does.
[[nodiscard]] std::size_t scheme_end(std::string_view text) noexcept;

/// Where the query of a URL begins: a '?' that a key and '=' follow, so that a stray '?' in a
/// password does not end the search for its '@'.
[[nodiscard]] std::size_t query_start(std::string_view text) noexcept;

/// Whether every host's port in "host:port,[::1]:port" is a number or left out.
[[nodiscard]] bool has_plain_ports(std::string_view hosts);

}  // namespace luamig::db
