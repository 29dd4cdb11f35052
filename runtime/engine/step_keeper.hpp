#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

#include "engine/rejects.hpp"

namespace luamig::engine {

/// One writing or reading call of a durable revision, outside every other one: a step.
struct step_key {
  std::string label;  ///< "create_index ix_users_email", for people
  std::string asked;  ///< all that it asks for, in one spelling
  bool reads = false;
  bool block = false;         ///< the author's own: op.step, db:transaction, pcall
  std::string nothing = "n";  ///< its record where it is passed over; as the stdlib writes nil
};

/// What a step did.
struct step_counts {
  std::int64_t statements = 0;
  std::int64_t rows = 0;
};

class observer;

/// Keeps the steps of a durable revision: each is committed with a record of what it gave back, and
/// is not done again when the revision goes on after a fault.
class step_keeper {
 public:
  virtual ~step_keeper() = default;

  /// The record of this step, when it was done before; nothing: it is to be done now, between
  /// `begin` and `finish` or `undo`. Throws error{errc::integrity} when a finished step would be
  /// left out.
  [[nodiscard]] virtual std::optional<std::string> recall(const step_key& key) = 0;
  virtual void begin() = 0;
  /// Commits it with its record, and with the operation that undoes it ("" for none).
  virtual void finish(std::string_view record, std::string_view reverse,
                      const step_counts& counts) = 0;
  /// The record of the last part of the step under way that was committed; nothing: none was. Where
  /// rejected rows are tried again: the key of the next one, a JSON object; nothing: none is left.
  [[nodiscard]] virtual std::optional<std::string> part() const = 0;
  /// Commits what has been done of the step under way, which goes on in a transaction of its own.
  /// `reverse`: the operation that undoes all its parts so far, "" for none. Throws
  /// error{errc::integrity} where another run has gone on with it meanwhile.
  virtual void keep_part(std::string_view record, std::string_view reverse,
                         const step_counts& counts) = 0;

  // A step may be cut into ranges that are done in parts each, beside each other. Their records are
  // kept by number, from 1, beside that of the step's own part.

  /// As keep_part; the step has these ranges from now on, in the place of those that it had. None:
  /// what those have counted is the step's.
  virtual void keep_ranges(std::string_view record, std::string_view reverse,
                           const step_counts& counts, const std::vector<std::string>& ranges) = 0;
  /// The record of a range, as it is committed; between two parts.
  [[nodiscard]] virtual std::optional<std::string> range(std::size_t number) = 0;
  /// As keep_part, of a range that `range` was asked for. `counts`: since what was kept last.
  virtual void keep_range(std::size_t number, std::string_view record,
                          const step_counts& counts) = 0;
  /// Why ranges cannot be done by processes beside this one; "" where they can. Throws
  /// error{errc::migration} where that is to be mended.
  [[nodiscard]] virtual std::string why_not_apart() = 0;
  /// In such a process, forked between two parts: it goes on by a connection of its own, and tells
  /// `watching`. Throws as db::open_database.
  virtual void stand_apart(observer& watching) = 0;

  /// Rolls back what has been done since the last part; the step stays under way.
  virtual void undo_part() noexcept = 0;
  /// What somebody has asked of this run meanwhile (engine/control.hpp); "" for nothing. Between
  /// two parts.
  [[nodiscard]] virtual std::string control() = 0;
  /// Keeps a row that the step under way leaves out, in its transaction.
  virtual void reject(const rejected_row& row) = 0;
  /// Rolls it back, but for the parts that are committed.
  virtual void undo() noexcept = 0;
  /// Whether the step under way has reached the database.
  [[nodiscard]] virtual bool touched() const noexcept = 0;
  /// Whether an earlier attempt began the step under way with a statement outside a transaction,
  /// and did not come to record what it did.
  [[nodiscard]] virtual bool begun_before() const noexcept = 0;
  /// Whether what cannot run in a transaction may run now: nothing of the step has been done.
  [[nodiscard]] virtual bool may_run_alone() const noexcept = 0;
};

}  // namespace luamig::engine
