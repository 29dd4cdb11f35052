#pragma once

#include "engine/session.hpp"

namespace luamig::engine {

/// Lets a script speak for one statement; afterwards the host speaks again. Null: there is nobody
/// to speak to.
class as_script {
 public:
  explicit as_script(db::connection* on) : on_(on) {
    if (on_ != nullptr) on_->act_as(db::authority::script);
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
  failed_ = s;
  failed_.data.reset();
  failed_at_ = levels_.size();
  send_savepoints();
  const as_script speaking(on);
  auto result = action();
  failed_at_.reset();
  return result;
}

}  // namespace luamig::engine
