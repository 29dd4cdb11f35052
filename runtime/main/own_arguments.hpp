#pragma once

#include <string>
#include <vector>

/// What the process was called with, before the command line is understood.
namespace luamig::own_arguments {

/// `--stdlib DIR` runs the Lua half from disk while it is being written: not in the help.
[[nodiscard]] std::string take_stdlib(std::vector<std::string>& arguments);
/// Passwords leave the process title: everybody on the machine may read it.
void hide_passwords(int argc, char** argv);
/// All of them leave it, but for its name: a URL among them may hold a password.
void forget(int argc, char** argv);
/// Whether they may ask for a process for the scripts, by themselves or by a dry run. It is forked
/// first of all, before anything is in memory that a script is not to see: they are only glanced
/// at.
[[nodiscard]] bool may_want_sandbox(int argc, char** argv);

}  // namespace luamig::own_arguments
