// What a run does when a step fails: say where and what state, keep the books honest.
#include <poll.h>

#include <array>

#include "engine/runner.hpp"

namespace luamig::engine {

/// Says where and what state; the cause stays as it is.
void runner::explain(step_run& s, error& e) {
  if (options_.stop != nullptr && options_.stop->requested() != 0 &&
      (e.kind == "interrupted" || e.code == errc::interrupted)) {
    e.code = errc::interrupted;
    e.signal = options_.stop->requested();
  }
  if (e.code == errc::sql) e.code = errc::migration;
  e.revision = s.info.revision;
  e.revision_message = s.info.message;
  if (e.file.empty()) e.file = s.script.name;
  report_.failed = s.info.revision;
  if (e.code == errc::connection || e.code == errc::in_doubt) {
    e.state_after = "what was not committed is rolled back by the server; `luamig current` tells";
    return;
  }
  if (options_.single_transaction) {
    report_.applied.clear();
    rows_ = rows_at_start_;
    e.state_after = "database unchanged, still at " + describe(rows_at_start_) +
                    ": all steps are one transaction";
  } else if (report_.applied.empty()) {
    e.state_after = "database unchanged, still at " + describe(s.step.rows_before);
  } else {
    e.state_after = "this revision is rolled back, " + std::to_string(report_.applied.size()) +
                    " before it stay; now at " + describe(s.step.rows_before);
  }
}

/// A row of its own, after the rollback and at best: the run has failed already, and says why.
void runner::record_failure(const step_run& s, const error& e) {
  if (e.code == errc::connection || e.code == errc::in_doubt) return;
  try {
    db::transaction own(*on_);
    store_->create();
    history_entry failed = entry(s, "failed");
    failed.error = e.message;
    failed.source.clear();
    store_->record(failed);
    own.commit();
    store_->created();
  } catch (const error&) {
  }
}

/// The first error counts: a hook that fails on it is only reported.
void runner::tell_on_error(const step_run& s, const error& e) {
  try {
    host_.on_error(s.context, e);
  } catch (const error& hook) {
    watching_.message(observer::level::warning, hook.message);
  }
}

/// The connection broke while COMMIT was under way. Waits until the old backend is gone, then asks
/// the books. True: it was committed, and the run goes on with a new connection.
bool runner::settle(const step_run& s) {
  const std::string lost = running_name(self_, s.info.revision);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (std::chrono::steady_clock::now() < deadline) {
    try {
      connect();
      if (db::scalar(*on_, "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1",
                     std::array{value(lost)}) == value(std::int64_t{0})) {
        if (store_->rows() != s.step.rows_after) return false;
        report_.warnings.push_back("the connection was lost while revision " + s.info.revision +
                                   " was being committed; it is committed");
        step_done(s);
        return true;
      }
    } catch (const error&) {
      // The server is not back yet.
    }
    ::poll(nullptr, 0, 250);
  }
  throw error(errc::in_doubt,
              "the connection was lost while revision '" + s.info.revision +
                  "' was being committed, and the server cannot be reached",
              "once it answers: luamig current; then the same command again");
}

}  // namespace luamig::engine
