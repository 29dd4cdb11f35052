#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace luamig::file {

/// What is read here is read whole.
inline constexpr std::size_t largest = std::size_t{256} << 20;

/// Whether the name is taken, be it by a link to nothing or by what cannot be looked at: what is
/// there and is no file is an error, not an absence.
[[nodiscard]] bool exists(const std::filesystem::path& path) noexcept;

/// Whether there is nothing to open, links followed. What cannot be looked at is not missing.
[[nodiscard]] bool is_missing(const std::filesystem::path& path) noexcept;

/// Whether there is a directory, links followed. Throws error{errc::config} for what cannot be
/// looked at.
[[nodiscard]] bool is_directory(const std::filesystem::path& path);

/// The whole of a regular file; links are followed. Throws error{errc::config} naming the path and
/// the reason, and never waits for a FIFO.
[[nodiscard]] std::string read(const std::filesystem::path& path);

/// As `read`, of a path beneath `root` on which no link is followed; nothing where there is none.
[[nodiscard]] std::optional<std::string> read_beneath(const std::filesystem::path& root,
                                                      std::span<const std::string> parts);

/// A regular file that is read piece by piece.
class input {
 public:
  ~input();
  input(input&& other) noexcept;
  input& operator=(input&&) = delete;

  /// Fills the front of `room`; how many bytes, 0 at the end. Throws error{errc::config}.
  [[nodiscard]] std::size_t read(std::span<char> room);

 private:
  friend std::optional<input> open_beneath(const std::filesystem::path& root,
                                           std::span<const std::string> parts);
  input(int fd, std::filesystem::path path) : fd_(fd), path_(std::move(path)) {}

  int fd_;
  std::filesystem::path path_;
};

/// As `read_beneath`, but opened only, and of any size.
[[nodiscard]] std::optional<input> open_beneath(const std::filesystem::path& root,
                                                std::span<const std::string> parts);

/// A file that is being written under another name, and is put in its place when it is whole.
/// Until then nothing stands under its own name; one that is given up is removed.
class output {
 public:
  ~output();
  output(output&& other) noexcept { swap(other); }
  output& operator=(output&& other) noexcept {
    swap(other);
    return *this;
  }

  /// Throw error{errc::config} naming the file and the reason: no space, …
  void write(std::string_view bytes);
  /// Everything is on the disk.
  void close();
  /// Puts it in its place, where nothing may stand unless it replaces. Returns the reason where
  /// that does not work; the file then stays under the name that it names.
  [[nodiscard]] std::string publish() noexcept;
  /// Where it will be.
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
  [[nodiscard]] bool replaces() const noexcept { return replaces_; }

 private:
  friend output create_beneath(const std::filesystem::path& root,
                               std::span<const std::string> parts, bool replaces);
  output() = default;
  void swap(output& other) noexcept;
  void flush();

  int directory_ = -1;
  int fd_ = -1;
  std::string name_;    // in the directory
  std::string beside_;  // its name until it is published; "" once it is
  std::filesystem::path path_;
  bool replaces_ = false;
  std::string held_;
};

/// Begins a file beneath `root` in a directory that is there; no link is followed. Throws
/// error{errc::config} where it cannot be made, and where one is there already, unless it
/// `replaces` that; kind "exists" and "missing".
[[nodiscard]] output create_beneath(const std::filesystem::path& root,
                                    std::span<const std::string> parts, bool replaces);

/// Writes a new file. Throws error{errc::config} when it exists already or cannot be written;
/// a half-written file is removed.
void create(const std::filesystem::path& path, std::string_view content);

/// Replaces the file in one rename: a reader sees the old text or the new, never a part.
void replace(const std::filesystem::path& path, std::string_view content);

struct entry {
  std::string name;
  bool regular = false;    ///< a file, links followed
  bool directory = false;  ///< one, links followed
};
/// What a directory holds with this ending, sorted by byte. A missing directory is an
/// error{errc::config}.
[[nodiscard]] std::vector<entry> list(const std::filesystem::path& directory,
                                      std::string_view ending);

}  // namespace luamig::file
