// SPDX-License-Identifier: MIT

// faults --list      the scenarios, one a line
// faults --errors    what each of the system's errors means to the library
// faults NAME        runs one between two marks, for strace to make its calls fail, and says how it
//                    went: done, failed, wrong or not here, and how many handles it left open

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include <fcntl.h>
#include <sys/uio.h>
#include <unistd.h>

#include <platform/contract.hpp>
#include <tests/faults/scenario.hpp>

namespace portsock::faults {
namespace {

std::vector<scenario> all() {
  std::vector<scenario> found;
  for (const auto& some :
       {stream_scenarios(), datagram_scenarios(), waiting_scenarios(), file_scenarios(),
        local_scenarios(), packet_scenarios(), system_scenarios()})
    found.insert(found.end(), some.begin(), some.end());
  return found;
}

std::size_t count_open_handles() {
  std::size_t count = 0;
  for (int fd = 0; fd != 256; ++fd)
    if (::fcntl(fd, F_GETFD) >= 0) ++count;
  return count;
}

/// And two: the folder has one link for each. Asked without a call that a signal may end.
std::uintmax_t count_threads() {
  std::error_code ignored;
  return std::filesystem::hard_link_count("/proc/self/task", ignored);
}

/// What a thread of the library's holds is no leak before it has come to its end.
void wait_for_threads(std::uintmax_t wanted) {
  for (int turns = 0; turns != 300 && count_threads() > wanted; ++turns)
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
}

void mark() {
  // Nobody makes this one fail: it is a write that no scenario makes.
  static_cast<void>(::writev(STDERR_FILENO, nullptr, 0));
}

std::string outcome_of(const scenario& what) {
  try {
    what.run();
    return "done";
  } catch (const refused& why) {
    return "failed|" + std::string{why.call} + '|' + std::to_string(why.reason.value()) + '|' +
           std::to_string(static_cast<int>(why.reason.domain())) + '|' +
           std::string{to_string(why.reason.meaning())};
  } catch (const wrong& why) {
    return "wrong|" + std::string{why.what};
  } catch (const not_here&) {
    return "not here";
  }
}

int run(const scenario& what) {
  const auto threads = count_threads();
  const auto before = count_open_handles();
  mark();
  const auto outcome = outcome_of(what);
  mark();
  wait_for_threads(threads);
  const auto after = count_open_handles();
  const auto report =
      outcome + '\n' + std::to_string(static_cast<int>(after) - static_cast<int>(before)) + '\n';
  // Not through the standard library, which a write that is made to fail would silence.
  while (::write(STDOUT_FILENO, report.data(), report.size()) < 0) {
  }
  return 0;
}

int list_errors() {
  for (const auto& row : platform::error_rows(error_domain::system))
    std::printf("%s|%d|%s\n", row.name, static_cast<int>(row.value),
                std::string{to_string(row.meaning)}.c_str());
  return 0;
}

}  // namespace
}  // namespace portsock::faults

int main(int count, char** arguments) {
  using namespace portsock::faults;
  if (count != 2) return 2;
  const std::string_view name = arguments[1];
  if (name == "--errors") return list_errors();
  const auto scenarios = all();
  if (name == "--list") {
    for (const auto& each : scenarios) std::printf("%s\n", std::string{each.name}.c_str());
    return 0;
  }
  const auto found = std::ranges::find(scenarios, name, &scenario::name);
  return found == scenarios.end() ? 2 : run(*found);
}
