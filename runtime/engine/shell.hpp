#pragma once

#include <memory>
#include <optional>
#include <string>

#include "engine/migrator.hpp"
#include "engine/script_host.hpp"

namespace luamig::engine {

class runner;

/// op and db by hand: one entry after the other, in a transaction that ends when it is told to.
///
/// The transaction begins with the first statement of an entry. Where nothing has been changed it
/// ends with the entry, so that whoever looks holds no lock; else it stays open, on PostgreSQL with
/// the migration lock. An entry is a savepoint of it. The books stay as they are.
class shell {
 public:
  /// `options.rehearses`: nothing is ever committed. All must outlive the shell.
  shell(const run_options& options, const script::script_directory& scripts, script_host& host,
        observer& watching);
  /// Rolls back.
  ~shell();
  shell(const shell&) = delete;
  shell& operator=(const shell&) = delete;

  /// As script_host::enter. What the entry did before its error is undone, and `state_after` says
  /// what became of the entries before it.
  [[nodiscard]] std::optional<std::string> enter(const shell_entry& entry);
  /// Whether anything would be committed.
  [[nodiscard]] bool has_changes() const noexcept;
  /// Throws error{errc::refused} in a rehearsal, and what COMMIT throws: then everything is rolled
  /// back.
  void commit();
  void rollback();
  /// Rolls back; a rehearsal tells what it has done.
  void end();

 private:
  std::unique_ptr<runner> run_;
};

}  // namespace luamig::engine
