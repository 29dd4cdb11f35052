#include "engine/script_files.hpp"

#include <filesystem>
#include <utility>

#include "base/file.hpp"
#include "base/text.hpp"
#include "engine/door.hpp"

namespace luamig::engine {
namespace {

class own_file final : public written_file {
 public:
  explicit own_file(file::output out) : out_(std::move(out)) {}
  void write(std::string_view bytes) override { out_.write(bytes); }
  void finish(door& on) override {
    out_.close();
    on.keep_file(std::move(out_));
  }

 private:
  file::output out_;
};

class own_files final : public script_files {
 public:
  own_files(std::filesystem::path root, data_files* noted)
      : root_(std::move(root)), noted_(noted) {}

  [[nodiscard]] std::optional<std::string> library(path parts) override {
    return file::read_beneath(root_, parts);
  }
  [[nodiscard]] std::optional<std::string> text(path parts) override {
    return file::read_beneath(root_, parts);
  }
  [[nodiscard]] std::vector<std::string> libraries() override {
    std::vector<std::string> names;
    if (!file::is_directory(root_ / "lib")) return names;
    for (const file::entry& found : file::list(root_ / "lib", ".lua")) {
      if (found.regular) names.push_back(found.name.substr(0, found.name.size() - 4));
    }
    return names;
  }
  [[nodiscard]] std::optional<std::string> env() override {
    const std::filesystem::path env = root_ / "env.lua";
    if (!file::exists(env)) return std::nullopt;
    return file::read(env);
  }
  [[nodiscard]] reader open(path parts) override {
    if (noted_ != nullptr) noted_->read.insert(joined(parts));
    std::optional<file::input> in = file::open_beneath(root_, parts);
    if (!in) return {};
    const auto kept = std::make_shared<file::input>(std::move(*in));
    return [kept](std::span<char> room) { return kept->read(room); };
  }
  [[nodiscard]] std::unique_ptr<written_file> create(path parts, bool replaces) override {
    if (noted_ != nullptr) noted_->written.insert(joined(parts));
    return std::make_unique<own_file>(file::create_beneath(root_, parts, replaces));
  }

 private:
  static std::string joined(path parts) {
    return text::join(std::vector<std::string>(parts.begin(), parts.end()), "/");
  }

  std::filesystem::path root_;
  data_files* noted_;
};

}  // namespace

std::unique_ptr<script_files> files_beneath(std::string migrations, data_files* noted) {
  return std::make_unique<own_files>(std::move(migrations), noted);
}

}  // namespace luamig::engine
