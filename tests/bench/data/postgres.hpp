// libpq as the hand-written programs use it: any fault ends the program; numbers and texts travel
// in the server's binary formats.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace postgres {

[[noreturn]] inline void fail(const PGconn* on) {
  std::fprintf(stderr, "%s", PQerrorMessage(on));
  std::exit(1);
}

inline PGconn* open(const char* url) {
  PGconn* const on = PQconnectdb(url);
  if (PQstatus(on) != CONNECTION_OK) fail(on);
  return on;
}

/// The result, which the caller clears.
inline PGresult* checked(const PGconn* on, PGresult* r) {
  switch (PQresultStatus(r)) {
    case PGRES_COMMAND_OK:
    case PGRES_TUPLES_OK:
    case PGRES_COPY_IN:
    case PGRES_COPY_OUT:
    case PGRES_PIPELINE_SYNC:
      return r;
    default:
      fail(on);
  }
}

inline void run(PGconn* on, const char* sql) { PQclear(checked(on, PQexec(on, sql))); }

inline void prepare(PGconn* on, const char* name, const char* sql) {
  PQclear(checked(on, PQprepare(on, name, sql, 0, nullptr)));
}

/// The next 10,000 rows of the cursor c. The caller clears them.
inline PGresult* fetch(PGconn* on) {
  return checked(on,
                 PQexecParams(on, "FETCH 10000 FROM c", 0, nullptr, nullptr, nullptr, nullptr, 1));
}

inline std::string_view text(const PGresult* r, int row, int column) {
  return {PQgetvalue(r, row, column), static_cast<std::size_t>(PQgetlength(r, row, column))};
}

/// Bytes in network order.
class packet {
 public:
  void raw(std::string_view bytes) { bytes_.append(bytes); }

  void int16(std::int16_t n) { number(static_cast<std::uint16_t>(n), 2); }

  void int32(std::size_t n) { number(n, 4); }

  void int64(std::int64_t n) { number(static_cast<std::uint64_t>(n), 8); }

  /// A length and the bytes themselves.
  void field(std::string_view value) {
    int32(value.size());
    raw(value);
  }

  void put_int32(std::size_t at, std::size_t n) {
    for (std::size_t i = 0; i < 4; ++i) bytes_[at + i] = byte(n, 3 - i);
  }

  void clear() { bytes_.clear(); }

  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  static char byte(std::uint64_t n, std::size_t i) {
    return static_cast<char>(n >> (8 * i) & 0xff);
  }

  void number(std::uint64_t n, std::size_t size) {
    char digits[8];
    for (std::size_t i = 0; i < size; ++i) digits[i] = byte(n, size - 1 - i);
    bytes_.append(digits, size);
  }

  std::string bytes_;
};

/// The values of one column, as one parameter.
class column_array {
 public:
  explicit column_array(unsigned type) : type_(type) { clear(); }

  void clear() {
    count_ = 0;
    packet_.clear();
    for (const std::size_t n :
         {std::size_t{1}, std::size_t{0}, std::size_t{type_}, std::size_t{0}, std::size_t{1}}) {
      packet_.int32(n);
    }
  }

  void add(std::string_view value) {
    packet_.field(value);
    ++count_;
  }

  /// Valid until the next add or clear.
  [[nodiscard]] const std::string& value() {
    constexpr std::size_t place_of_count = 12;
    packet_.put_int32(place_of_count, count_);
    return packet_.bytes();
  }

 private:
  unsigned type_;
  std::size_t count_ = 0;
  packet packet_;
};

/// COPY … FROM STDIN (FORMAT binary), sent in pieces while the rows are made.
class copy_in {
 public:
  copy_in(PGconn* on, const char* sql) : on_(on) {
    run(on, sql);
    packet_.raw({"PGCOPY\n\377\r\n\0", 11});
    packet_.int32(0);
    packet_.int32(0);
  }

  /// Begins a row of so many fields.
  void row(std::int16_t fields) {
    constexpr std::size_t piece = 65'536;
    if (packet_.bytes().size() > piece) send();
    packet_.int16(fields);
  }

  void field(std::string_view value) { packet_.field(value); }

  void field(std::int64_t n) {
    packet_.int32(8);
    packet_.int64(n);
  }

  void end() {
    packet_.int16(-1);
    send();
    if (PQputCopyEnd(on_, nullptr) != 1) fail(on_);
    while (PGresult* const r = PQgetResult(on_)) PQclear(checked(on_, r));
  }

 private:
  void send() {
    const std::string& bytes = packet_.bytes();
    if (PQputCopyData(on_, bytes.data(), static_cast<int>(bytes.size())) != 1) fail(on_);
    packet_.clear();
  }

  PGconn* on_;
  packet packet_;
};

}  // namespace postgres
