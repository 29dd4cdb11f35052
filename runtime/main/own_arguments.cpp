#include "main/own_arguments.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "db/mask.hpp"

namespace luamig::own_arguments {

std::string take_stdlib(std::vector<std::string>& arguments) {
  for (std::size_t i = 0; i + 1 < arguments.size(); ++i) {
    if (arguments[i] == "--stdlib") {
      std::string directory = arguments[i + 1];
      const auto at = arguments.begin() + static_cast<std::ptrdiff_t>(i);
      arguments.erase(at, at + 2);
      return directory;
    }
  }
  return {};
}

void hide_passwords(int argc, char** argv) {
  bool url_follows = false;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    const std::string_view prefix = url_follows                      ? ""
                                    : argument.starts_with("--url=") ? "--url="
                                    : argument.starts_with("-xurl=") ? "-xurl="
                                    : argument.starts_with("url=")   ? "url="
                                    : argument.starts_with("-u")     ? "-u"
                                                                     : "";
    const bool is_url = url_follows || !prefix.empty();
    const std::string_view text = argument.substr(prefix.size());
    for (const db::secret& found : is_url ? db::secrets_of_url(text) : db::secrets_in(text)) {
      std::memset(argv[i] + prefix.size() + found.at, '*', found.size);
    }
    url_follows = argument == "-u" || argument == "--url";
  }
}

bool may_want_sandbox(int argc, char** argv) {
  return std::any_of(argv + 1, argv + argc, [](const std::string_view argument) {
    return argument.starts_with("--sandbox") || argument.starts_with("--dry-run") ||
           argument.starts_with("--measure");
  });
}

void forget(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) std::memset(argv[i], 0, std::strlen(argv[i]));
}

}  // namespace luamig::own_arguments
