#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/row_intake.hpp"
#include "engine/row_numbers.hpp"
#include "engine/sink.hpp"

namespace luamig::engine {

class session;

/// Writes rows into one table by the session's door, as fast as the engine can: PostgreSQL works on
/// what it has been sent while the next rows are made. Memory does not grow with the rows.
class row_writer final : public row_intake {
 public:
  /// `file` and `line`: the place that asks for it. Without `on_refusal` one refused row ends it by
  /// an error.
  row_writer(session& owner, db::row_target into, std::string file, int line,
             refusal on_refusal = {});
  ~row_writer() override;

  void end_row(std::int64_t number) override;
  void settle() override;
  /// The connection is free for something else; what is in hand may stay so.
  void pause();
  /// Settles, and tells the observer. Returns how many rows are in the table.
  std::int64_t finish() override;
  /// How many savepoints lay around it when it was made.
  [[nodiscard]] std::size_t depth() const noexcept { return depth_; }

 private:
  friend class session;
  /// The session has ended.
  void leave() noexcept;
  session& owner();
  void send();
  void begin();
  bool write_again(std::size_t first, std::size_t last, db::row_outcome& out);
  void write_around(std::size_t first, std::size_t last);
  void take_refusals(std::size_t first, std::size_t last);
  void refuse(std::size_t row, const error& why);
  [[noreturn]] void end_at(const db::row_outcome& refused);
  [[noreturn]] static void fail(std::int64_t number, const error& why);
  void clear();
  void let_go();

  session* owner_;
  statement shown_;
  refusal on_refusal_;
  bool guarded_ = false;  // by a savepoint: what is refused does not take the transaction along
  bool begun_ = false;    // rows are on their way
  bool counted_ = false;  // as one statement
  bool holds_ = false;    // sends whole blocks only
  std::size_t depth_ = 0;
  row_numbers gone_;           // of rows that were sent, and are in hand no more
  std::size_t sent_ = 0;       // of those in hand
  std::size_t looked_at_ = 0;  // bytes, when the rows were sent last
  std::int64_t written_ = 0;
  std::chrono::steady_clock::time_point made_ = std::chrono::steady_clock::now();
};

}  // namespace luamig::engine
