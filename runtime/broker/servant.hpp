#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "broker/pack.hpp"
#include "broker/protocol.hpp"
#include "engine/observer.hpp"
#include "engine/script_files.hpp"
#include "engine/session.hpp"
#include "worker/channel.hpp"

namespace luamig::broker {

/// Does what a worker asks for, and nothing else: the point where it is decided what a script may.
/// It believes nothing that it is told. What is no request throws bad_frame.
class servant {
 public:
  struct means {
    engine::script_files& files;
    engine::observer& watching;
    std::function<std::string(std::string_view)> secret;
    std::function<bool()> stopped;  ///< the run is to end
    engine::second_places places = {};
  };

  servant(worker::channel& to, means with);
  ~servant();
  servant(const servant&) = delete;
  servant& operator=(const servant&) = delete;

  /// One call of the worker's from now on. `on`: its database; null for none. `env`: env.lua may
  /// read variables of the environment. `required`: where the libraries are noted, with checksums.
  void begin(engine::session* on, const engine::step_context* step, bool env,
             std::map<std::string, std::string>* required);
  /// What the call has left open is closed.
  void end();

  /// Does it, and answers. False: it is no request, but the end of the call.
  [[nodiscard]] bool serve(const worker::frame& asked);

  /// Whether the worker was told an error with this code, or this kind or SQLSTATE, in this call:
  /// one that it ends with may be that error, on its way back.
  [[nodiscard]] bool has_told(errc code) const { return told_codes_.contains(code); }
  [[nodiscard]] bool has_told(const std::string& word) const { return told_words_.contains(word); }

  /// The place of the last statement.
  [[nodiscard]] const std::string& last_file() const noexcept { return last_file_; }
  [[nodiscard]] int last_line() const noexcept { return last_line_; }

 private:
  struct reader;
  struct writer;
  struct open_file;

  [[nodiscard]] engine::session& on() const;
  [[nodiscard]] engine::door& door(std::uint64_t number) const;
  void answer(verb about, unpacker& from, packer& out);
  bool answer_database(verb about, unpacker& from, packer& out);
  bool answer_rows(verb about, unpacker& from, packer& out);
  bool answer_step(verb about, unpacker& from, packer& out);
  bool answer_files(verb about, unpacker& from, packer& out);
  bool hear(verb about, unpacker& from);
  [[nodiscard]] engine::statement statement_of(unpacker& from);
  void note_told(const error& e);
  void note_place(std::string_view file, int line);
  void keep_rows(std::unique_ptr<engine::row_source> rows, packer& out);
  static void put_next_rows(reader& of, packer& out);
  void put_rows(writer& into, unpacker& from);
  void ask_about_refusal(std::int64_t number, const db::row_block& rows, std::size_t row,
                         const error& why);

  worker::channel& to_;
  means with_;
  engine::session* on_ = nullptr;
  engine::books books_;
  std::uint64_t base_depth_ = 0;  // savepoints that are not the call's
  bool durable_ = false;
  bool env_ = false;
  std::map<std::string, std::string>* required_ = nullptr;
  std::size_t printed_ = 0;
  std::uint64_t next_id_ = 1;
  std::map<std::uint64_t, std::unique_ptr<reader>> rows_;
  std::map<std::uint64_t, std::unique_ptr<writer>> writers_;
  std::map<std::uint64_t, std::unique_ptr<open_file>> files_;
  std::map<std::uint64_t, db::tally> tallies_;
  std::set<errc> told_codes_;
  std::set<std::string> told_words_;    // kinds and SQLSTATEs
  std::vector<engine::door*> seconds_;  // the session's
  std::string last_file_;
  int last_line_ = 0;
};

}  // namespace luamig::broker
