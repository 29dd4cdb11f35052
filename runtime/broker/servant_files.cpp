// Files, secrets and variables that a worker asks for.
#include <algorithm>
#include <cstdlib>

#include "base/text.hpp"
#include "broker/servant_parts.hpp"
#include "script/checksum.hpp"

namespace luamig::broker {
namespace {

constexpr std::size_t most_of_a_read = 1024U * 1024;

/// A path that names something beneath the directory, of whoever asks.
std::vector<std::string> get_path(unpacker& from) {
  std::vector<std::string> parts = get_texts(from);
  const bool sound =
      !parts.empty() && std::none_of(parts.begin(), parts.end(), [](const std::string& part) {
        return part.empty() || part == "." || part == ".." ||
               part.find_first_of(std::string_view("/\0", 2)) != std::string::npos;
      });
  if (!sound) throw bad_frame("no path");
  return parts;
}

bool is_lua(const std::vector<std::string>& parts) { return parts.back().ends_with(".lua"); }

}  // namespace

bool servant::answer_files(verb about, unpacker& from, packer& out) {
  switch (about) {
    case verb::library: {
      const std::vector<std::string> parts = get_path(from);
      const bool may = is_lua(parts) && (parts.front() == "lib" || parts.front() == "models.lua");
      const auto found = may ? with_.files.library(parts) : std::nullopt;
      if (found && required_ != nullptr)
        required_->insert_or_assign(text::join(parts, "/"),
                                    script::checksum(script::normalise(*found)));
      put_optional(out, found);
      return true;
    }
    case verb::text: {
      const std::vector<std::string> parts = get_path(from);
      put_optional(out, is_lua(parts) ? with_.files.text(parts) : std::nullopt);
      return true;
    }
    case verb::libraries:
      put(out, with_.files.libraries());
      return true;
    case verb::env:
      put_optional(out, with_.files.env());
      return true;
    case verb::open_file: {
      const std::vector<std::string> parts = get_path(from);
      if (files_.size() >= most_open) throw bad_frame("too many files");
      auto opened = std::make_unique<open_file>();
      opened->read = with_.files.open(parts);
      out.put(opened->read ? next_id_ : 0);
      if (opened->read) files_.emplace(next_id_++, std::move(opened));
      return true;
    }
    case verb::create_file: {
      const std::vector<std::string> parts = get_path(from);
      const bool replaces = from.flag();
      if (files_.size() >= most_open) throw bad_frame("too many files");
      auto opened = std::make_unique<open_file>();
      (void)on();
      opened->write = with_.files.create(parts, replaces);
      out.put(next_id_);
      files_.emplace(next_id_++, std::move(opened));
      return true;
    }
    case verb::read_file:
    case verb::write_file:
    case verb::finish_file: {
      const auto found = files_.find(from.number<std::uint64_t>());
      if (found == files_.end()) throw bad_frame("no such file");
      open_file& file = *found->second;
      if ((about == verb::read_file) != static_cast<bool>(file.read))
        throw bad_frame("a file of the other kind");
      if (about == verb::read_file) {
        std::string room(std::min<std::uint64_t>(from.number<std::uint64_t>(), most_of_a_read), 0);
        room.resize(file.read(room));
        out.put(room);
      } else if (about == verb::write_file) {
        file.write->write(from.text());
      } else {
        file.write->finish(on());
        files_.erase(found);
      }
      return true;
    }
    case verb::secret: {
      const std::string_view name = from.text();
      if (on().offline()) throw bad_frame("a secret in a text");
      out.put(with_.secret ? with_.secret(name) : std::string());
      return true;
    }
    case verb::variable: {
      const std::string name(from.text());
      const char* const found = env_ ? std::getenv(name.c_str()) : nullptr;
      put_optional(out, found == nullptr ? std::nullopt : std::optional<std::string>(found));
      return true;
    }
    default:
      return false;
  }
}

}  // namespace luamig::broker
