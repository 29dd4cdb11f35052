// Statements that go through many rows.
#include <utility>

#include "engine/script_clock.hpp"
#include "engine/session_attempt.hpp"
#include "engine/text_checks.hpp"

namespace luamig::engine {

void session::execute_each(const statement& s, const db::row_block& rows,
                           const db::tally& affected) {
  require_whole();
  settle_rows();
  check_text(s.sql, kind(), s, false);
  const db::statement_facts facts = sink_.reader().inspect(s.sql);
  require_place(s, facts);
  sink_.ready(s);
  attempt(s, &sink_.reader(), [&] {
    make_way(facts);
    sink_.execute_each(s, rows, affected);
    return 0;
  });
  ++counters_.statements;
}

std::int64_t session::settle(const db::tally& affected) {
  require_whole();
  // The last statement, by which errors are named, is the one that was sent.
  attempt(statement(failed_), &sink_.reader(), [&] {
    sink_.reader().flush();
    return 0;
  });
  counters_.rows += *affected;
  return std::exchange(*affected, 0);
}

std::optional<std::int64_t> session::execute_with(const statement& s, db::row_program& program) {
  require_whole();
  settle_rows();
  check_text(s.sql, kind(), s, false);
  const db::statement_facts facts = sink_.reader().inspect(s.sql);
  require_place(s, facts);
  sink_.ready(s);
  asked_within_ = false;
  // The program is the script's own time.
  const auto run = std::exchange(program.run, {});
  program.run = [&](const db::row_block& row) {
    const computing_again script(clock_);
    return run(row);
  };
  const auto affected = attempt(s, &sink_.reader(), [&] {
    make_way(facts);
    within_ = true;
    const struct end {
      bool& within;
      ~end() { within = false; }
    } at_end{within_};
    return sink_.execute_with(s, program);
  });
  if (!program.asks_rowid) ++counters_.statements;
  counters_.rows += affected.value_or(0);
  // As a statement that failed: nobody may take what it left for whole.
  if (!affected && !program.gave_up) failed_at_ = levels_.size();
  return affected;
}

}  // namespace luamig::engine
