#include "broker/remote_rows.hpp"

#include <algorithm>
#include <exception>
#include <utility>

namespace luamig::broker {
namespace {

constexpr std::size_t rows_at_once = 1000;
constexpr std::size_t bytes_at_once = 256U * 1024;

}  // namespace

remote_rows::remote_rows(remote_door& of, std::uint64_t id, std::vector<db::column> columns,
                         std::uint64_t depth)
    : of_(of), id_(id), depth_(depth) {
  columns_ = std::move(columns);
  of_.open_.push_back(this);
}

void remote_rows::close() noexcept {
  if (id_ == 0) return;
  std::erase(of_.open_, this);
  try {
    of_.host_.tell(verb::close_rows, packer().put(std::exchange(id_, 0)));
  } catch (const std::exception&) {
    // Nobody is there any more.
  }
}

bool remote_rows::refill() {
  if (id_ == 0) return false;
  lost_ = true;  // unless the answer comes
  const std::string answer = of_.host_.ask(verb::fetch, packer().put(id_));
  lost_ = false;
  unpacker from(answer);
  const bool more = from.flag();
  if (more) {
    get_rows(from, block_);
  } else {
    block_.clear(columns_.size());
    close();
  }
  return more;
}

remote_intake::~remote_intake() {
  try {
    if (id_ != 0) host_.tell(verb::drop_writer, packer().put(id_));
  } catch (const std::exception&) {
    // Nobody is there any more.
  }
}

void remote_intake::end_row(std::int64_t number) {
  numbers_.push_back(number);
  if (numbers_.size() >= rows_at_once || block_.held() >= bytes_at_once) send(verb::put_rows);
}

std::string remote_intake::send(verb how) {
  packer to;
  to.put(id_);
  to.put(std::string_view(reinterpret_cast<const char*>(numbers_.data()),
                          numbers_.size() * sizeof(std::int64_t)));
  put(to, block_);
  block_.clear(into_.columns.size());
  numbers_.clear();
  const auto before = std::exchange(host_.on_refused, [this](unpacker& from) {
    const auto number = from.number<std::int64_t>();
    const error why = get_error(from);
    db::row_block row;
    get_rows(from, row);
    on_refusal_(number, row, 0, why);
  });
  const struct putting_back {
    link& host;
    const std::function<void(unpacker&)>& before;
    ~putting_back() { host.on_refused = before; }
  } at_end{host_, before};
  return host_.ask(how, to);
}

std::int64_t remote_intake::finish() {
  const std::int64_t rows = unpacker(send(verb::finish_writer)).number<std::int64_t>();
  id_ = 0;
  return rows;
}

}  // namespace luamig::broker
