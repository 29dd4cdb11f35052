#pragma once

#include "engine/script_clock.hpp"
#include "engine/session.hpp"

namespace luamig::engine {

/// Lets a script speak for one statement; afterwards the host speaks again. Null: there is nobody
/// to speak to.
class as_script {
 public:
  as_script(db::connection* on, const statement& s) : on_(on) {
    if (on_ == nullptr) return;
    on_->act_as(s.keeps_undo ? db::authority::undo_keeper : db::authority::script);
  }
  ~as_script() {
    if (on_ != nullptr) on_->act_as(db::authority::host);
  }
  as_script(const as_script&) = delete;
  as_script& operator=(const as_script&) = delete;

 private:
  db::connection* on_;
};

/// Runs the action as the script. The failure is noted beforehand and taken back on success, so
/// that no way out, whoever catches it, leaves a failed statement unnoticed.
template <class Action>
auto session::attempt(const statement& s, db::connection* on, Action action) {
  settle_outer_rows();
  failed_ = s;
  failed_.data.reset();
  failed_at_ = reached();
  const counted_call counted(clock_);
  try {
    send_savepoints();
    const as_script speaking(on, s);
    auto result = action();
    failed_at_.reset();
    return result;
  } catch (error& e) {
    blame_unread(e);
    throw;
  }
}

}  // namespace luamig::engine
