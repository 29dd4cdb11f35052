#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace luamig::engine {

class door;

/// A file that a script writes. One that is not finished is removed.
class written_file {
 public:
  virtual ~written_file() = default;
  virtual void write(std::string_view bytes) = 0;
  /// It is whole: it takes its place when what stands around it has been committed (session).
  virtual void finish(door& on) = 0;
};

/// What scripts reach of the files of the migrations directory. A path is its parts, beneath the
/// directory; no link is followed, but to env.lua.
class script_files {
 public:
  virtual ~script_files() = default;

  using path = std::span<const std::string>;
  /// Reads the next bytes; how many, 0 at the end.
  using reader = std::function<std::size_t(std::span<char>)>;

  /// The text of a library that is required; nothing where there is none.
  [[nodiscard]] virtual std::optional<std::string> library(path parts) = 0;
  /// Any other text, for messages.
  [[nodiscard]] virtual std::optional<std::string> text(path parts) = 0;
  /// The names of lib/, without their ending.
  [[nodiscard]] virtual std::vector<std::string> libraries() = 0;
  [[nodiscard]] virtual std::optional<std::string> env() = 0;
  /// A file to be read piece by piece; null where there is none.
  [[nodiscard]] virtual reader open(path parts) = 0;
  [[nodiscard]] virtual std::unique_ptr<written_file> create(path parts, bool replaces) = 0;
};

/// The files that scripts have asked for so far, whether they are there or not: "seed/names.csv".
/// Neither libraries nor migrations.
struct data_files {
  std::set<std::string> read;
  std::set<std::string> written;
};

/// Those of this process. Throws as file.hpp says. `noted`: where data files are noted.
[[nodiscard]] std::unique_ptr<script_files> files_beneath(std::string migrations,
                                                          data_files* noted = nullptr);

}  // namespace luamig::engine
