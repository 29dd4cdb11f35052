#pragma once

#include <functional>

namespace luamig {

/// A small process that stays behind this one and cleans up after it, should it die without coming
/// to that, by a signal or a power of its own. To be made while the process has one thread.
class guardian {
 public:
  /// `clean_up` is called there, once this process is gone; what it throws is lost. Where no
  /// process can be made there is none: what this process cleans up itself is cleaned all the same.
  explicit guardian(std::function<void()> clean_up);
  /// Nothing is left to be cleaned up.
  ~guardian();
  guardian(const guardian&) = delete;
  guardian& operator=(const guardian&) = delete;

 private:
  int pipe_ = -1;
  int child_ = -1;
};

}  // namespace luamig
