#include <algorithm>
#include <exception>
#include <memory>
#include <span>
#include <utility>

#include "broker/remote_door.hpp"

namespace luamig::broker {
namespace {

constexpr std::size_t bytes_at_once = 256U * 1024;

packer with_path(engine::script_files::path parts) {
  packer to;
  put(to, std::vector<std::string>(parts.begin(), parts.end()));
  return to;
}

class remote_file final : public engine::written_file {
 public:
  remote_file(link& host, std::uint64_t id) : host_(host), id_(id) {}
  ~remote_file() override {
    try {
      if (id_ != 0) host_.tell(verb::drop_file, packer().put(id_));
    } catch (const std::exception&) {
      // Nobody is there any more.
    }
  }
  void write(std::string_view bytes) override {
    held_ += bytes;
    if (held_.size() >= bytes_at_once) send();
  }
  void finish(engine::door&) override {
    send();
    host_.ask(verb::finish_file, packer().put(id_));
    id_ = 0;
  }

 private:
  void send() { host_.ask(verb::write_file, packer().put(id_).put(std::exchange(held_, {}))); }

  link& host_;
  std::uint64_t id_;
  std::string held_;
};

}  // namespace

std::optional<std::string> remote_files::library(path parts) {
  return get_optional(host_.ask(verb::library, with_path(parts)));
}

std::optional<std::string> remote_files::text(path parts) {
  return get_optional(host_.ask(verb::text, with_path(parts)));
}

std::vector<std::string> remote_files::libraries() {
  const std::string answer = host_.ask(verb::libraries);
  unpacker from(answer);
  return get_texts(from);
}

std::optional<std::string> remote_files::env() { return get_optional(host_.ask(verb::env)); }

engine::script_files::reader remote_files::open(path parts) {
  const auto id = unpacker(host_.ask(verb::open_file, with_path(parts))).number<std::uint64_t>();
  if (id == 0) return {};
  const std::shared_ptr<void> open(nullptr, [this, id](void*) {
    try {
      host_.tell(verb::drop_file, packer().put(id));
    } catch (const std::exception&) {
      // Nobody is there any more.
    }
  });
  return [this, id, open](std::span<char> room) {
    const std::string answer =
        host_.ask(verb::read_file, packer().put(id).put(std::uint64_t{room.size()}));
    const std::string_view bytes = unpacker(answer).text();
    bytes.copy(room.data(), room.size());
    return std::min(bytes.size(), room.size());
  };
}

std::unique_ptr<engine::written_file> remote_files::create(path parts, bool replaces) {
  packer to = with_path(parts);
  to.put(static_cast<unsigned char>(replaces));
  const auto id = unpacker(host_.ask(verb::create_file, to)).number<std::uint64_t>();
  return std::make_unique<remote_file>(host_, id);
}

void remote_observer::rows_worked(const rows_done& done) {
  packer to;
  put(to, done);
  host_.tell(verb::rows_worked, to);
}

void remote_observer::message(level how, std::string_view text) {
  host_.tell(verb::message, packer().put(how).put(text));
}

}  // namespace luamig::broker
