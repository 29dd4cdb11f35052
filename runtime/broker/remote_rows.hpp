#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "broker/remote_door.hpp"

namespace luamig::broker {

/// The rows of a query that the host has open.
class remote_rows final : public engine::row_source {
 public:
  remote_rows(remote_door& of, std::uint64_t id, std::vector<db::column> columns,
              std::uint64_t depth);
  ~remote_rows() override { close(); }
  void close() noexcept override;

  // As those of engine::rows.
  void kept(std::uint64_t depth) noexcept { depth_ = std::min(depth_, depth - 1); }
  void undone(std::uint64_t depth) noexcept {
    if (depth_ >= depth) lost_ = true;
  }

 private:
  bool refill() override;

  remote_door& of_;
  std::uint64_t id_;  // 0: closed
  std::uint64_t depth_;
};

/// Rows on their way to a writer of the host's.
class remote_intake final : public engine::row_intake {
 public:
  remote_intake(link& host, std::uint64_t id, db::row_target into, refusal on_refusal)
      : row_intake(std::move(into)), host_(host), id_(id), on_refusal_(std::move(on_refusal)) {}
  ~remote_intake() override;
  void end_row(std::int64_t number) override;
  void settle() override { send(verb::settle_writer); }
  std::int64_t finish() override;

 private:
  std::string send(verb how);

  link& host_;
  std::uint64_t id_;
  refusal on_refusal_;
};

}  // namespace luamig::broker
