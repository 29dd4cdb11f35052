#include "engine/control.hpp"

#include <algorithm>
#include <charconv>

namespace luamig::engine {
namespace {

constexpr std::string_view batch_is = "batch=";

}  // namespace

control control::read(std::string_view text) {
  control c;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (word == "pause") c.paused = true;
    if (!word.starts_with(batch_is)) continue;
    const std::string_view digits = word.substr(batch_is.size());
    std::from_chars(digits.data(), digits.data() + digits.size(), c.batch);
  }
  return c;
}

std::string control::text() const {
  std::string text = paused ? "pause" : "";
  if (batch > 0) text += (paused ? " batch=" : "batch=") + std::to_string(batch);
  return text;
}

}  // namespace luamig::engine
