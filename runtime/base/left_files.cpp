#include "base/left_files.hpp"

#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

namespace luamig::file {
namespace {

bool is_left(std::string_view name) {
  const auto at = name.rfind(being_written);
  if (!name.starts_with('.') || at == std::string_view::npos || at < 2) return false;
  const char* const first = name.data() + at + being_written.size();
  const char* const last = name.data() + name.size();
  pid_t writer = 0;
  const auto [end, bad] = std::from_chars(first, last, writer);
  if (bad != std::errc{} || writer <= 0 || (end != last && *end != '-')) return false;
  return ::kill(writer, 0) != 0 && errno == ESRCH;
}

}  // namespace

std::vector<std::filesystem::path> left_beneath(const std::filesystem::path& root) {
  std::vector<std::filesystem::path> left;
  std::error_code why;
  constexpr auto how = std::filesystem::directory_options::skip_permission_denied;
  for (std::filesystem::recursive_directory_iterator at(root, how, why), end; !why && at != end;
       at.increment(why)) {
    if (is_left(at->path().filename().native()))
      left.push_back(at->path().lexically_relative(root));
  }
  std::sort(left.begin(), left.end());
  return left;
}

}  // namespace luamig::file
