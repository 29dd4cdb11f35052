#include "db/postgres_pipeline.hpp"

#include <poll.h>
#include <unistd.h>

#include <charconv>
#include <fstream>

#include "base/text.hpp"
#include "db/checks.hpp"
#include "db/mask.hpp"
#include "db/postgres_error.hpp"
#include "db/postgres_values.hpp"
#include "db/url.hpp"

namespace luamig::db {

namespace {

constexpr std::size_t kept_names = 256;
constexpr std::size_t kept_seen = 4096;
constexpr std::size_t kept_stale = 32;
constexpr std::size_t pushed_at_once = 100;
constexpr std::size_t longest_named = 16 * 1024;  // a longer text is not kept here and there

std::string key_of(const outgoing& what, const std::vector<Oid>& types) {
  std::string key(what.own ? "h" : "s");
  for (const Oid type : types) key += static_cast<char>(type % 251);
  key += '\0';
  key += what.sql;
  return key;
}

bool changes_schema(std::string_view tag) {
  const std::string_view word = tag.substr(0, tag.find(' '));
  return word == "CREATE" || word == "ALTER" || word == "DROP" || word == "DO" || word == "CALL";
}

/// Of this process; libpq does not tell what a result takes before it is whole.
std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t all = 0;
  std::size_t resident = 0;
  statm >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

postgres_pipeline::postgres_pipeline(const libpq_library& pq, PGconn* raw) : pq_(pq), raw_(raw) {
  pq_.enterPipelineMode(raw_);
}

void postgres_pipeline::go_over(PGconn* raw) {
  raw_ = raw;
  flying_.clear();
  named_.clear();
  seen_once_.clear();
  stale_.clear();
  unpushed_ = 0;
  unsettled_ = asked_whose_ = pooled_ = known_direct_ = false;
  lost_.clear();
  copying_.clear();
  copy_taken_.reset();
  pq_.enterPipelineMode(raw_);
}

bool postgres_pipeline::broken() const { return pq_.status(raw_) == CONNECTION_BAD; }

void postgres_pipeline::lost() {
  if (lost_.empty()) lost_ = mask(text::trim(pq_.errorMessage(raw_)));
  flying_.clear();
  throw error{errc::connection, "the connection to the database was lost: " + lost_,
              "the database undoes what was not committed; run the same command again"};
}

void postgres_pipeline::require_sent(int sent, std::string_view sql) {
  if (sent == 1) return;
  if (broken()) lost();
  error e{errc::sql, std::string(text::trim(pq_.errorMessage(raw_)))};
  e.sql = sql;
  throw error{std::move(e)};
}

/// PQbackendPID is the pooler's invention where another backend answers: an exact test.
void postgres_pipeline::ask_whose() {
  asked_whose_ = true;
  require_sent(pq_.sendQueryParams(raw_, "SELECT pg_catalog.pg_backend_pid()", 0, nullptr, nullptr,
                                   nullptr, nullptr, 0),
               "");
  flying_.push_back({flight::sort::whose, "", 0, "", false});
  barrier();
}

void postgres_pipeline::barrier() {
  if (flying_.empty() || flying_.back().what == flight::sort::barrier) return;
  require_sent(pq_.pipelineSync(raw_), "");
  flying_.push_back({flight::sort::barrier, "", 0, "", false});
}

void postgres_pipeline::prepare(const std::string& name, const std::string& key,
                                const outgoing& what, const std::vector<Oid>& types) {
  require_sent(pq_.sendPrepare(raw_, name.c_str(), std::string(what.sql).c_str(),
                               static_cast<int>(types.size()), types.data()),
               what.sql);
  const std::string_view shown = what.shown.empty() ? what.sql : what.shown;
  flying_.push_back(
      {flight::sort::prepare, std::string(shown), what.offset, key, false, {}, {}, what.answers});
}

void postgres_pipeline::send_parse(std::string_view sql) {
  if (!lost_.empty()) lost();
  take_copy();
  prepare("", "", {sql, {}, "", 0, false, naming::never, true}, {});
}

std::string postgres_pipeline::name_for(const std::string& key, const outgoing& what,
                                        const std::vector<Oid>& types) {
  if (const auto found = named_.find(key); found != named_.end()) return found->second.name;
  if (!known_direct_ || what.sql.size() > longest_named) return "";
  if (what.name == naming::second_use && seen_once_.insert(key).second) {
    if (seen_once_.size() > kept_seen) seen_once_.clear();
    return "";
  }
  if (named_.size() >= kept_names) forget_unsteady();
  if (named_.size() >= kept_names) return "";
  std::string name = "luamig_" + std::to_string(next_name_++);
  prepare(name, key, what, types);
  named_.emplace(key, named{name, what.own});
  return name;
}

void postgres_pipeline::send(const outgoing& what) {
  if (!lost_.empty()) lost();
  take_copy();
  const wire_values w{what.values};
  if (!asked_whose_ && !pooled_) ask_whose();
  if (stale_.size() >= kept_stale) deallocate_stale();
  const bool nameless = pooled_ || what.name == naming::never;
  const std::string key = nameless ? "" : key_of(what, w.types);
  const std::string name = nameless ? "" : name_for(key, what, w.types);
  const int sent =
      name.empty()
          ? pq_.sendQueryParams(raw_, std::string(what.sql).c_str(), w.count(), w.types.data(),
                                w.data.data(), w.lengths.data(), w.formats.data(), 0)
          : pq_.sendQueryPrepared(raw_, name.c_str(), w.count(), w.data.data(), w.lengths.data(),
                                  w.formats.data(), 0);
  require_sent(sent, what.sql);
  const std::string_view shown = what.shown.empty() ? what.sql : what.shown;
  flying_.push_back({flight::sort::statement, std::string(shown), what.offset,
                     name.empty() ? "" : key, what.keep_result, what.into, what.affected,
                     what.answers});
}

void postgres_pipeline::push() {
  require_sent(pq_.sendFlushRequest(raw_), "");
  if (pq_.flush(raw_) < 0) lost();
}

template <class Enough>
void postgres_pipeline::read_until(Enough enough) {
  unsettled_ = true;
  outcome out;
  std::optional<error> failure;
  while (!enough() && !failure && !flying_.empty() && !broken()) read_next(out, failure);
  if (!failure && !broken()) return;
  receive(failure);
  if (failure) throw error{std::move(*failure)};
}

void postgres_pipeline::await(const reply& wanted) {
  if (!lost_.empty()) lost();
  if (wanted.done) return;
  push();
  read_until([&] { return wanted.done; });
}

void postgres_pipeline::keep_pace() {
  if (++unpushed_ < pushed_at_once) return;
  unpushed_ = 0;
  push();
  read_until([&] { return flying_.size() <= pushed_at_once; });
}

result_owner postgres_pipeline::next_result() {
  return {pq_.getResult(raw_), result_clearer{pq_.clear}};
}

void postgres_pipeline::read_one(const flight& f, result_owner result, outcome& out,
                                 std::optional<error>& failure) {
  const ExecStatusType status = pq_.resultStatus(result.get());
  if (status == PGRES_FATAL_ERROR || status == PGRES_PIPELINE_ABORTED) {
    if (f.what == flight::sort::prepare) named_.erase(f.key);
    if (!failure && status == PGRES_FATAL_ERROR) {
      if (f.answers) f.answers->failed = true;
      failure = postgres_error(pq_, result.get(), f.sql, f.offset);
    }
    return;
  }
  if (f.what == flight::sort::whose && status == PGRES_TUPLES_OK) {
    pooled_ = std::to_string(pq_.backendPID(raw_)) != pq_.getvalue(result.get(), 0, 0);
    known_direct_ = !pooled_;
  }
  if (f.what != flight::sort::statement) return;
  out.tag = pq_.cmdStatus(result.get());
  note_schema(f, result.get());
  const std::string_view affected = pq_.cmdTuples(result.get());
  out.affected = 0;
  std::from_chars(affected.data(), affected.data() + affected.size(), out.affected);
  if (f.affected) *f.affected += out.affected;
  if (f.answers) f.answers->affected += out.affected;
  if (f.into) {
    f.into->rows = std::move(result);
    f.into->done = true;
  } else if (f.keep) {
    out.kept = std::move(result);
  }
}

/// A prepared statement whose columns are a table's own fails once they change ("cached plan must
/// not change result type"), so a change of the schema forgets it, and every script's.
void postgres_pipeline::note_schema(const flight& f, PGresult* result) {
  if (changes_schema(pq_.cmdStatus(result))) return forget_unsteady();
  const auto known = f.key.empty() ? named_.end() : named_.find(f.key);
  if (known == named_.end() || !known->second.steady) return;
  for (int i = 0; i < pq_.nfields(result); ++i) {
    if (pq_.ftable(result, i) != InvalidOid) known->second.steady = false;
  }
}

void postgres_pipeline::bound(std::size_t most, std::function<void()> stop) {
  most_kept_ = most;
  stop_ = std::move(stop);
}

/// Waits for the next result and looks at what it takes meanwhile. False: it was too much.
bool postgres_pipeline::wait_within_bound() {
  constexpr unsigned between_looks = 32;  // reads, of some 16 KB each
  constexpr int most_wait = 20;           // ms
  std::size_t most = 0;  // not known before the first look: a small result pays nothing
  bool within = true;
  for (unsigned reads = 1; pq_.isBusy(raw_) == 1; ++reads) {
    // TLS may hold bytes back that the socket no longer has.
    pollfd socket{pq_.socket(raw_), POLLIN, 0};
    ::poll(&socket, 1, most_wait);
    if (pq_.consumeInput(raw_) != 1) break;
    if (!within || reads % between_looks != 0) continue;
    const std::size_t now = resident_bytes();
    if (most == 0) most = now + most_kept_;
    if (now < most) continue;
    within = false;
    stop_();
  }
  return within;
}

void postgres_pipeline::read(const flight& f, outcome& out, std::optional<error>& failure) {
  const bool bounded = most_kept_ > 0 && (f.keep || f.into);
  const bool within = !bounded || failure || wait_within_bound();
  while (result_owner result = next_result()) {
    read_one(f, std::move(result), out, failure);
    if (broken()) break;
  }
  if (!within && !broken()) failure = too_large_rows(f.sql, most_kept_);
}

void postgres_pipeline::read_next(outcome& out, std::optional<error>& failure) {
  const flight f = std::move(flying_.front());
  flying_.pop_front();
  if (f.what == flight::sort::barrier) {
    read_sync();
  } else {
    read(f, out, failure);
  }
}

void postgres_pipeline::read_sync() {
  while (!broken()) {
    const result_owner result = next_result();
    if (result && pq_.resultStatus(result.get()) == PGRES_PIPELINE_SYNC) return;
  }
}

postgres_pipeline::outcome postgres_pipeline::sync() {
  std::optional<error> failure;
  outcome out = receive(failure);
  if (failure) throw error{std::move(*failure)};
  return out;
}

void postgres_pipeline::settle() {
  std::optional<error> failure;
  receive(failure);
}

/// Reads what is on its way; the first error goes into `failure`.
postgres_pipeline::outcome postgres_pipeline::receive(std::optional<error>& failure) {
  if (!lost_.empty()) lost();
  outcome out;
  take_copy(failure);
  if (flying_.empty() && !unsettled_) return out;
  if (pq_.pipelineSync(raw_) != 1 && broken()) lost();
  while (!flying_.empty() && !broken()) read_next(out, failure);
  read_sync();
  unsettled_ = false;
  if (broken()) {
    if (failure && failure->code == errc::connection) lost_ = failure->message;
    lost();
  }
  return out;
}

void postgres_pipeline::forget_unsteady() {
  for (const auto& [key, entry] : named_) {
    if (!entry.steady) stale_.push_back(entry.name);
  }
  std::erase_if(named_, [](const auto& entry) { return !entry.second.steady; });
}

/// Not in a failed transaction, where it would be one more error. Where it is skipped because an
/// earlier statement fails, the server keeps a few names until the session ends.
void postgres_pipeline::deallocate_stale() {
  if (pq_.transactionStatus(raw_) == PQTRANS_INERROR) return;
  const std::vector<std::string> names = std::exchange(stale_, {});
  for (const std::string& name : names) {
    const std::string sql = "DEALLOCATE " + name;
    require_sent(pq_.sendQueryParams(raw_, sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0),
                 sql);
    flying_.push_back({flight::sort::statement, sql, 0, "", false});
  }
}

}  // namespace luamig::db
