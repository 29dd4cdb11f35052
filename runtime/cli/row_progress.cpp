#include "cli/row_progress.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
namespace luamig::cli {
namespace {

constexpr int bar_width = 20;

std::string grouped(std::int64_t n) {
  std::string digits = std::to_string(n);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), 1, ',');
  }
  return digits;
}

double part(const engine::observer::rows_done& done) {
  if (!done.total || *done.total <= 0) return 0;
  return std::min(1.0, static_cast<double>(done.rows) / static_cast<double>(*done.total));
}

/// "12 s", "3 min 20 s"
std::string time_left(double s) {
  const auto whole = static_cast<std::int64_t>(std::ceil(s));
  if (whole < 60) return std::to_string(whole) + " s";
  return std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s";
}

}  // namespace

std::string row_bar(const engine::observer::rows_done& done) {
  if (!done.total) return "";
  const int full = static_cast<int>(part(done) * bar_width);
  std::string out;
  for (int i = 0; i < bar_width; ++i) out += i < full ? "█" : "░";
  const std::string percent = std::to_string(static_cast<int>(part(done) * 100));
  return out + std::string(4 - percent.size(), ' ') + percent + " %";
}

std::string row_words(const engine::observer::rows_done& done) {
  std::string out = grouped(done.rows) + (done.rows == 1 ? " row" : " rows");
  if (done.rate >= 1) out += "  " + grouped(std::llround(done.rate)) + "/s";
  if (!done.total || done.rate <= 0 || *done.total <= done.rows) return out;
  return out + "  " + time_left(static_cast<double>(*done.total - done.rows) / done.rate) + " left";
}

}  // namespace luamig::cli
