#pragma once

#include <functional>
#include <memory>
#include <optional>
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

/// Those of this process. Throws as file.hpp says.
[[nodiscard]] std::unique_ptr<script_files> files_beneath(std::string migrations);

}  // namespace luamig::engine
