#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/error.hpp"
#include "base/value.hpp"
#include "db/connection.hpp"
#include "db/libpq_library.hpp"
#include "db/postgres_connect.hpp"

namespace luamig::db {

/// When a statement is prepared under a name, to be used again.
enum class naming { never, second_use, first_use };

/// Where the rows of one statement go, as soon as they are read.
struct reply {
  result_owner rows;
  bool done = false;
};

/// One statement on its way to the server.
struct outgoing {
  std::string_view sql;
  std::span<const value> values;
  std::string_view shown;    ///< the statement as its author wrote it; "": sql
  std::size_t offset = 0;    ///< what was put before it, in characters
  bool keep_result = false;  ///< the last one that asks gets it
  naming name = naming::never;
  bool own = true;                ///< the host's: its name outlives changes of the schema
  std::shared_ptr<reply> into{};  ///< gets its rows; null: nobody
  std::shared_ptr<std::int64_t> affected{};  ///< gets the rows it affected added; null: nobody
  unread answers{};                          ///< gets that and its failure; null: nobody
};

/// Sends statements to the server without waiting, and reads their results together. Statements
/// that come again are prepared under a name. After an error nothing later in the pipeline has run.
class postgres_pipeline {
 public:
  postgres_pipeline(const libpq_library& pq, PGconn* raw);

  /// From now on it is that of another connection, on which nothing is under way: what was on its
  /// way and what was prepared is forgotten.
  void go_over(PGconn* raw);
  /// Rows that are kept may take so much memory; at more, `stop` is to end the statement, and that
  /// is its error.
  void bound(std::size_t most, std::function<void()> stop);

  void send(const outgoing& what);
  /// Sends the statement to be parsed and not run.
  void send_parse(std::string_view sql);
  /// Runs a COPY … FROM STDIN on its data. Nothing may be on its way. Returns the rows that came.
  std::int64_t copy_in(std::string_view sql, std::string_view data);

  // The same piece by piece: after begin_copy nothing else may be sent before end_copy.

  /// What became of a COPY.
  struct copied {
    std::int64_t rows = 0;
    std::optional<error> failure;
    std::string context;  ///< "COPY users, line 3, column id": what the failure is about
  };
  void begin_copy(std::string_view sql);
  void put_copy(std::string_view data);
  [[nodiscard]] copied end_copy();
  /// Ends it by an error, or waits for the end of one that was sent whole. Does nothing where none
  /// is under way.
  void drop_copy() noexcept;
  /// Sends a COPY whole, data and all, without waiting. Its failure is that of a later call, which
  /// waits for it; the rows that came are added to `affected`. Nothing may be on its way.
  void send_copy(std::string_view sql, std::initializer_list<std::string_view> data,
                 const std::shared_ptr<std::int64_t>& affected);
  /// Whether the server is still at such a COPY, so that whatever is sent would wait.
  [[nodiscard]] bool waits_for_copy();

  /// What follows is no part of what was sent so far, though it travels with it.
  void barrier();

  /// What a round trip brought.
  struct outcome {
    result_owner kept;          ///< of the last statement that asked for it
    std::int64_t affected = 0;  ///< by the last statement
    std::string tag;            ///< its command tag: "INSERT 0 1", "ROLLBACK"
  };
  /// Sends what is on its way, and waits. Throws the first error.
  outcome sync();
  /// Sends what is on its way, so that the server can begin.
  void push();
  /// As push, once much has been sent since; then reads what came before that. An error is as in
  /// await.
  void keep_pace();
  /// Reads results up to that of the statement with this reply; what was sent after it goes on. An
  /// error is thrown, and then nothing is on its way. Where the statement has not run, because an
  /// earlier one had failed, the reply stays undone.
  void await(const reply& wanted);
  /// As sync, where a statement's error is nobody's concern: throws only when the connection is
  /// lost.
  void settle();

  [[nodiscard]] std::size_t in_flight() const noexcept { return flying_.size(); }
  /// Behind a transaction pooler: another backend answers than the one connected to. Known after
  /// the first round trip.
  [[nodiscard]] bool pooled() const noexcept { return pooled_; }

 private:
  struct flight {
    enum class sort { statement, prepare, whose, barrier } what = sort::statement;
    std::string sql;
    std::size_t offset = 0;
    std::string key;  // of what has a name
    bool keep = false;
    std::shared_ptr<reply> into{};
    std::shared_ptr<std::int64_t> affected{};
    unread answers{};
  };
  struct named {
    std::string name;
    bool steady = false;  // no change of the schema can touch it
  };

  [[nodiscard]] std::string name_for(const std::string& key, const outgoing& what,
                                     const std::vector<Oid>& types);
  void prepare(const std::string& name, const std::string& key, const outgoing& what,
               const std::vector<Oid>& types);
  void note_schema(const flight& f, PGresult* result);
  void forget_unsteady();
  void deallocate_stale();
  void ask_whose();
  void require_sent(int sent, std::string_view sql);
  void read(const flight& f, outcome& out, std::optional<error>& failure);
  [[nodiscard]] bool wait_within_bound();
  void read_one(const flight& f, result_owner result, outcome& out, std::optional<error>& failure);
  void read_next(outcome& out, std::optional<error>& failure);
  void read_sync();
  [[nodiscard]] copied read_copy(std::string_view sql);
  void take_copy(std::optional<error>& failure);
  void take_copy();
  [[noreturn]] void lost();
  [[nodiscard]] bool broken() const;
  [[nodiscard]] result_owner next_result();
  template <class Enough>
  void read_until(Enough enough);
  outcome receive(std::optional<error>& failure);

  const libpq_library& pq_;
  PGconn* raw_;
  std::deque<flight> flying_;
  std::unordered_map<std::string, named> named_;
  std::unordered_set<std::string> seen_once_;
  std::vector<std::string> stale_;  // names on the server that nobody uses again
  std::uint64_t next_name_ = 1;
  std::size_t unpushed_ = 0;  // by keep_pace
  bool unsettled_ = false;    // results were read since the last synchronisation
  bool asked_whose_ = false;
  bool pooled_ = false;
  bool known_direct_ = false;
  std::string lost_;  // why, once the connection is gone
  std::size_t most_kept_ = 0;
  std::function<void()> stop_;
  std::string copying_;                       // the COPY that is under way
  std::shared_ptr<std::int64_t> copy_taken_;  // not null: it was sent whole; its rows go there
};

}  // namespace luamig::db
