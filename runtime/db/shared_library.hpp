#pragma once

#include <initializer_list>
#include <string>

namespace luamig::db {

/// A library opened while the program runs. It stays loaded until the process ends.
class shared_library {
 public:
  /// Opens the first of `names` that is there. Throws error{errc::connection} that names `what` and
  /// the Debian package with it.
  shared_library(std::initializer_list<const char*> names, std::string package, std::string what);

  /// Sets `function` to the one of this name. Throws as the constructor does.
  template <typename Function>
  void find(const char* name, Function*& function) const {
    function = reinterpret_cast<Function*>(address(name));
  }

 private:
  [[nodiscard]] void* address(const char* name) const;
  [[noreturn]] void refuse(const std::string& why) const;

  std::string package_;
  std::string what_;
  void* handle_ = nullptr;
};

}  // namespace luamig::db
