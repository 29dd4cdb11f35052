#include "codec/instant.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>

#include "base/error.hpp"
#include "base/text.hpp"
#include "codec/json.hpp"

namespace luamig::codec {
namespace {

using std::chrono::days;
using std::chrono::sys_days;
using std::chrono::year_month_day;

constexpr double seconds_a_day = 86400;
constexpr double microseconds = 1e6;
constexpr double first_second = -62135596800.0;  // 0001-01-01
constexpr double past_seconds = 253402300800.0;  // 10000-01-01
constexpr std::int64_t most_of_a_unit = 10'000'000'000'000;

constexpr std::string_view forms =
    "\"2026-08-31\", \"2026-08-31 11:18:05\", \"2026-08-31T11:18:05.25Z\", "
    "\"2026-08-31 11:18:05+02:00\"";

double checked(double seconds, const std::string& what) {
  if (seconds >= first_second && seconds < past_seconds) return seconds;
  const bool milliseconds = seconds / 1000 >= 0 && seconds / 1000 < past_seconds;
  throw error{errc::migration, what + " is no instant of the years 0001 to 9999",
              milliseconds ? "seconds are counted: divide milliseconds by 1000" : ""};
}

std::string in_quotes(std::string_view text) {
  return "'" + text::shorten(text::escape_controls(text), 100) + "'";
}

struct civil {
  year_month_day date;
  double second_of_day;
};

civil civil_of(double seconds) {
  const double day = std::floor(seconds / seconds_a_day);
  return {year_month_day(sys_days(days(static_cast<int>(day)))), seconds - day * seconds_a_day};
}

double seconds_of(const year_month_day& date) {
  return static_cast<double>(sys_days(date).time_since_epoch().count()) * seconds_a_day;
}

/// Reads the forms above from the left.
class reader {
 public:
  explicit reader(std::string_view text) : text_(text) {}

  double instant() {
    const double day = date();
    if (rest().empty()) return day;
    if (!take('T') && !take('t') && !take(' ')) refuse();
    const double time = time_of_day();
    return day + time - zone();
  }

 private:
  [[nodiscard]] std::string_view rest() const { return text_.substr(at_); }

  [[noreturn]] void refuse() const {
    throw error{errc::migration, "time.unix: " + in_quotes(text_) + " is no instant",
                "it reads " + std::string(forms)};
  }

  [[noreturn]] void refuse(const char* part) const {
    throw error{errc::migration, "time.unix: " + in_quotes(text_) + " has no such " + part};
  }

  bool take(char c) {
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  int digits(std::size_t count) {
    int n = 0;
    for (std::size_t i = 0; i < count; ++i, ++at_) {
      if (at_ >= text_.size() || text_[at_] < '0' || text_[at_] > '9') refuse();
      n = n * 10 + (text_[at_] - '0');
    }
    return n;
  }

  double date() {
    const int y = digits(4);
    if (!take('-')) refuse();
    const int m = digits(2);
    if (!take('-')) refuse();
    const int d = digits(2);
    const year_month_day date{std::chrono::year{y}, std::chrono::month(static_cast<unsigned>(m)),
                              std::chrono::day(static_cast<unsigned>(d))};
    if (y == 0) refuse("year: it goes from 0001 to 9999");
    if (!date.ok()) refuse("day");
    return seconds_of(date);
  }

  double time_of_day() {
    const int h = digits(2);
    if (!take(':')) refuse();
    const int m = digits(2);
    const int s = take(':') ? digits(2) : 0;
    if (h > 23 || m > 59 || s > 59) refuse("time of day");
    return h * 3600 + m * 60 + s + fraction();
  }

  double fraction() {
    if (!take('.')) return 0;
    double unit = 1;
    double sum = 0;
    if (rest().empty()) refuse();
    const std::size_t start = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') {
      unit /= 10;
      if (at_ - start < 9) sum += unit * (text_[at_] - '0');
      ++at_;
    }
    if (at_ == start) refuse();
    return std::round(sum * microseconds) / microseconds;
  }

  double zone() {
    if (rest().empty()) return 0;
    if (take('Z') || take('z')) return end(0);
    const bool west = take('-');
    if (!west && !take('+')) refuse();
    const int h = digits(2);
    int m = 0;
    if (take(':') || !rest().empty()) m = digits(2);
    if (h > 15 || m > 59) refuse("zone");
    return end((west ? -60 : 60) * (h * 60 + m));
  }

  [[nodiscard]] double end(double offset) const {
    if (!rest().empty()) refuse();
    return offset;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

struct span {
  std::int64_t months = 0;
  std::int64_t seconds = 0;
};

struct unit {
  std::string_view name;
  std::int64_t months;
  std::int64_t seconds;
};
constexpr std::array units{unit{"second", 0, 1},  unit{"minute", 0, 60},   unit{"hour", 0, 3600},
                           unit{"day", 0, 86400}, unit{"week", 0, 604800}, unit{"month", 1, 0},
                           unit{"year", 12, 0}};

[[noreturn]] void refuse_span(std::string_view text) {
  throw error{errc::migration, "time.ago: " + in_quotes(text) + " is no span of time",
              "\"90 days\", \"1 year 6 months\", \"2 hours\": whole numbers of seconds, minutes, "
              "hours, days, weeks, months, years"};
}

std::string_view take_word(std::string_view& rest) {
  const std::size_t start = std::min(rest.find_first_not_of(' '), rest.size());
  rest.remove_prefix(start);
  const std::string_view word = rest.substr(0, rest.find(' '));
  rest.remove_prefix(word.size());
  return word;
}

span span_of(std::string_view text) {
  span sum;
  std::string_view rest = text;
  do {
    const std::string_view number = take_word(rest);
    std::string_view name = take_word(rest);
    std::int64_t n = 0;
    const auto read = std::from_chars(number.data(), number.data() + number.size(), n);
    if (number.empty() || read.ec != std::errc{} || read.ptr != number.data() + number.size())
      refuse_span(text);
    if (n < 0 || n > most_of_a_unit) refuse_span(text);
    if (name.ends_with('s')) name.remove_suffix(1);
    const auto* found =
        std::find_if(units.begin(), units.end(), [&](const unit& u) { return u.name == name; });
    if (found == units.end()) refuse_span(text);
    // Past every calendar already: what is beyond it overflows nothing.
    sum.months = std::min(sum.months + std::min(n, std::int64_t{1'000'000}) * found->months,
                          std::int64_t{1'000'000});
    sum.seconds = std::min(sum.seconds + n * found->seconds, most_of_a_unit);
  } while (rest.find_first_not_of(' ') != std::string_view::npos);
  return sum;
}

/// The day some months earlier, or the last of that month.
year_month_day months_before(const year_month_day& date, std::int64_t months) {
  const auto moved = date - std::chrono::months(static_cast<int>(months));
  if (moved.ok()) return moved;
  return moved.year() / moved.month() / std::chrono::last;
}

}  // namespace

std::string instant_text(double seconds) {
  if (!std::isfinite(seconds)) checked(first_second - 1, "time.iso: not a number");
  std::string shown;
  append_json_number(seconds, shown);
  checked(seconds, "time.iso: " + shown);
  // Rounded first, so that 59.9999999 is the next minute.
  const double whole = std::floor(seconds);
  auto fraction = static_cast<std::int64_t>(std::round((seconds - whole) * microseconds));
  const bool carries = fraction == 1'000'000;
  if (carries) fraction = 0;
  std::array<char, 40> room{};
  const civil c = civil_of(checked(whole + (carries ? 1 : 0), "time.iso: the next second"));
  const int second = static_cast<int>(c.second_of_day);
  int size = std::snprintf(room.data(), room.size(), "%04d-%02u-%02u %02d:%02d:%02d",
                           static_cast<int>(c.date.year()), static_cast<unsigned>(c.date.month()),
                           static_cast<unsigned>(c.date.day()), second / 3600, second / 60 % 60,
                           second % 60);
  if (fraction == 0) return {room.data(), static_cast<std::size_t>(size)};
  size += std::snprintf(room.data() + size, room.size() - static_cast<std::size_t>(size), ".%06d",
                        static_cast<int>(fraction));
  while (room[static_cast<std::size_t>(size) - 1] == '0') --size;
  return {room.data(), static_cast<std::size_t>(size)};
}

double instant_of(std::string_view text) {
  return checked(reader(text).instant(), "time.unix: " + in_quotes(text));
}

double before(double seconds, std::string_view text) {
  const span s = span_of(text);
  const civil c = civil_of(seconds);
  double at = first_second - 1;
  if (s.months < 1'000'000)
    at = seconds_of(months_before(c.date, s.months)) + c.second_of_day -
         static_cast<double>(s.seconds);
  return checked(at, "time.ago: " + in_quotes(text));
}

}  // namespace luamig::codec
