#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "base/text.hpp"
#include "script/template.hpp"

namespace luamig::script {
namespace {

constexpr std::size_t slug_limit = 40;

/// U+00C0 to U+00FF without their accents; a blank where no letter of ASCII is near.
constexpr std::string_view plain_letters =
    "aaaaaaaceeeeiiiidnooooo ouuuuypsaaaaaaaceeeeiiiidnooooo ouuuuypy";
static_assert(plain_letters.size() == 64);

/// The words of a message: ASCII letters and digits in lower case, accents of Western letters
/// removed, other letters left out, apostrophes within a word too.
std::vector<std::string> words_of(std::string_view message) {
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < message.size(); ++i) {
    const auto c = static_cast<unsigned char>(message[i]);
    const unsigned next = i + 1 < message.size() ? static_cast<unsigned char>(message[i + 1]) : 0U;
    if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')) {
      words.back() += message[i];
    } else if (c >= 'A' && c <= 'Z') {
      words.back() += static_cast<char>(c | 0x20);
    } else if (c == 0xC3 && next >= 0x80 && next < 0xC0) {
      const char plain = plain_letters[next - 0x80];
      const bool sharp_s = next == 0x9F;
      if (plain != ' ') words.back().append(sharp_s ? 2U : 1U, plain);
    } else if (c < 0x80 && c != '\'' && !words.back().empty()) {
      words.emplace_back();
    }
  }
  return words;
}

std::string slug_of(std::string_view message) {
  std::string slug;
  for (const std::string& word : words_of(message)) {
    if (word.empty()) continue;
    if (slug.empty()) {
      slug = word.substr(0, slug_limit);
    } else if (slug.size() + 1 + word.size() <= slug_limit) {
      slug += "_" + word;
    } else {
      break;
    }
  }
  return slug;
}

std::string padded(int number, std::size_t width) {
  std::string digits = std::to_string(number);
  return digits.size() >= width ? digits : std::string(width - digits.size(), '0') + digits;
}

const std::vector<std::string>& template_words() {
  static const std::vector<std::string> words{"rev",  "slug",   "year",   "month", "day",
                                              "hour", "minute", "second", "epoch"};
  return words;
}

[[noreturn]] void refuse(std::string_view file_template, const std::string& why) {
  throw error(errc::config, "file_template '" + std::string(file_template) + "' " + why,
              "its words are {" + text::join(template_words(), "} {") + "}");
}

std::string value_of(std::string_view word, const new_script& values) {
  std::tm utc{};
  ::gmtime_r(&values.created, &utc);
  if (word == "rev") return values.revision;
  if (word == "slug") return slug_of(values.message);
  if (word == "year") return padded(utc.tm_year + 1900, 4);
  if (word == "month") return padded(utc.tm_mon + 1, 2);
  if (word == "day") return padded(utc.tm_mday, 2);
  if (word == "hour") return padded(utc.tm_hour, 2);
  if (word == "minute") return padded(utc.tm_min, 2);
  if (word == "second") return padded(utc.tm_sec, 2);
  return std::to_string(values.created);
}

}  // namespace

std::string file_name(std::string_view file_template, const new_script& values) {
  const std::string ending = values.is_sql ? ".sql" : ".lua";
  std::string name;
  std::string_view rest = file_template;
  while (!rest.empty()) {
    const std::size_t open = std::min(rest.find('{'), rest.size());
    name += rest.substr(0, open);
    rest.remove_prefix(open);
    if (rest.empty()) break;
    const std::size_t close = rest.find('}');
    if (close == std::string_view::npos) refuse(file_template, "has a '{' without '}'");
    const std::string word(rest.substr(1, close - 1));
    if (std::find(template_words().begin(), template_words().end(), word) ==
        template_words().end()) {
      refuse(file_template,
             "has the unknown word '{" + word + "}'" + text::did_you_mean(word, template_words()));
    }
    const std::string value = value_of(word, values);
    rest.remove_prefix(close + 1);
    if (value.empty() && name.ends_with('_')) {
      name.pop_back();
    } else if (value.empty() && rest.starts_with('_')) {
      rest.remove_prefix(1);
    }
    name += value;
  }
  if (name.find('/') != std::string::npos) refuse(file_template, "must not hold a '/'");
  if (name.empty() || name.starts_with('.')) {
    refuse(file_template, "gives the name '" + name + ending + "', which would be a hidden file");
  }
  return name + ending;
}

std::string new_revision_id() {
  static constexpr std::string_view digits = "0123456789abcdef";
  std::array<unsigned char, 6> bytes{};
  while (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    if (errno != EINTR) {
      throw error(errc::config, std::string("no random numbers: ") + std::strerror(errno));
    }
  }
  std::string id;
  for (const unsigned char byte : bytes) {
    id += digits[byte >> 4U];
    id += digits[byte & 15U];
  }
  return id;
}

}  // namespace luamig::script
