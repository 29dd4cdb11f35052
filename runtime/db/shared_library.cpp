#include "db/shared_library.hpp"

#include <dlfcn.h>

#include "base/error.hpp"

namespace luamig::db {

shared_library::shared_library(std::initializer_list<const char*> names, std::string package,
                               std::string what)
    : package_(std::move(package)), what_(std::move(what)) {
  for (const char* const name : names) {
    // NODELETE: what these libraries load in turn runs code at the process's exit.
    handle_ = dlopen(name, RTLD_LAZY | RTLD_LOCAL | RTLD_NODELETE);
    if (handle_ != nullptr) return;
  }
  const char* const why = dlerror();
  refuse(why == nullptr ? "it is missing" : why);
}

void* shared_library::address(const char* name) const {
  void* const found = dlsym(handle_, name);
  if (found == nullptr) refuse("it is too old: no function " + std::string(name));
  return found;
}

void shared_library::refuse(const std::string& why) const {
  throw error{errc::connection, what_ + " cannot be loaded: " + why,
              "install it: apt install " + package_};
}

}  // namespace luamig::db
