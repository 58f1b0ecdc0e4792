// SPDX-License-Identifier: MIT
#pragma once

// The calls that take a deadline, in tables by what they are made on. deadline_calls_test.cpp asks
// all of them the same.

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include <portsock/address.hpp>
#include <portsock/deadline.hpp>
#include <portsock/error.hpp>

namespace portsock::tests {

/// A call that has to wait, and how what it waits for happens.
struct deadline_call {
  std::function<std::optional<error>(deadline)> make;
  std::function<void()> end;
};

struct deadline_row {
  std::string name;
  std::function<std::string(family)> missing;  ///< why this system has it not, or nothing
  std::function<deadline_call(family)> prepare;
};

inline void PrintTo(const deadline_row& row, std::ostream* out) { *out << row.name; }

/// The same as it stands in a table, for a scene that a family is enough to make.
template <class Scene>
struct call_on {
  const char* name;
  std::optional<error> (*make)(Scene&, deadline);
  void (*end)(Scene&);
  void (*prepare)(Scene&) = [](Scene&) {};
  std::string (*missing)(family) = [](family) { return std::string{}; };
};

template <class Scene, std::size_t Size>
std::vector<deadline_row> rows_of(const call_on<Scene> (&table)[Size]) {
  std::vector<deadline_row> rows;
  for (const auto& row : table)
    rows.push_back({row.name, row.missing, [row](family of) {
                      const auto scene = std::make_shared<Scene>(of);
                      row.prepare(*scene);
                      return deadline_call{[=](deadline until) { return row.make(*scene, until); },
                                           [=] { row.end(*scene); }};
                    }});
  return rows;
}

// conformance/deadline_calls_of_*.cpp
std::vector<deadline_row> deadline_calls_of_streams();
std::vector<deadline_row> deadline_calls_of_datagrams();
std::vector<deadline_row> deadline_calls_of_raw_sockets();
/// Which know no family.
std::vector<deadline_row> deadline_calls_of_local_sockets();

}  // namespace portsock::tests
