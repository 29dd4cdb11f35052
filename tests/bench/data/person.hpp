// What every program of tests/bench/data makes of a row: a name put together, an address in small
// letters, the city out of a JSON text. For the rows of people.py: ASCII, and no escapes in a city.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace person {

inline std::string full_name(std::string_view first, std::string_view last) {
  std::string text;
  text.reserve(first.size() + last.size() + 1);
  text.append(first).append(1, ' ').append(last);
  return text;
}

inline std::string lower(std::string_view text) {
  std::string small(text);
  for (char& c : small) c = static_cast<char>(c | ((c >= 'A' && c <= 'Z') ? 0x20 : 0));
  return small;
}

/// A part of `payload`. Ends the program where there is none.
inline std::string_view city(std::string_view payload) {
  constexpr std::string_view key = "\"city\": \"";
  const std::size_t at = payload.find(key);
  const std::size_t from = at + key.size();
  const std::size_t end = at == payload.npos ? at : payload.find_first_of("\"\\", from);
  if (end == payload.npos || payload[end] != '"') {
    std::fprintf(stderr, "no city in %.*s\n", static_cast<int>(payload.size()), payload.data());
    std::exit(1);
  }
  return payload.substr(from, end - from);
}

}  // namespace person
