#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "script/header.hpp"

namespace luamig::script {

/// A migration file, whichever kind it is of.
struct script {
  header head;
  std::filesystem::path path;  ///< as it can be opened
  std::string name;            ///< relative to the migrations directory: "versions/ab12_users.lua"
  std::string text;            ///< as `normalise` leaves it

  /// A file of repeatable/: its name is its id.
  [[nodiscard]] bool is_repeatable() const noexcept { return head.revision == name; }
};

/// A file that is run again whenever it, or a library that it requires, has changed.
struct repeatable {
  script file;
  std::string checksum;  ///< of its source
  std::string required;  ///< of the libraries that its text requires; "" for none
};

/// The files of `repeatable/` in the migrations directory, in the order of their names; none where
/// there is no such directory. Throws error{errc::script} for a wrong one.
[[nodiscard]] std::vector<repeatable> read_repeatables(const std::filesystem::path& migrations);

/// What stands in the header's place of such a file. Throws error{errc::script} for a header, for a
/// way back, and for Lua without upgrade(). SQL is run whole.
[[nodiscard]] header scan_repeatable(std::string_view source, std::string_view path);

}  // namespace luamig::script
