// The C++ reference as a peer, over the protocol of worker.py: `load WIDTH HEIGHT PATH` and `go TIMES` on raw RGB.
// Compiled by `run` against sources that IJKPUNT_PDQ_CPP names; nothing of them stands here.

#include <pdq/cpp/hashing/pdqhashing.h>

#include <cstdint>
#include <cstdio>
#include <ctime>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

namespace pdq = facebook::pdq::hashing;

namespace {

struct Subject {
  int width = 0;
  int height = 0;
  std::vector<uint8_t> rgb;
  // The reference has its caller provide the planes, so that they can be used again: allocated once a size.
  std::vector<float> plane;
  std::vector<float> other_plane;
};

bool load(std::istream& fields, Subject& subject) {
  std::string path;
  fields >> subject.width >> subject.height >> std::ws;
  if (!std::getline(fields, path) || subject.width < 1 || subject.height < 1) {
    return false;
  }
  const size_t pixels = static_cast<size_t>(subject.width) * subject.height;
  subject.rgb.resize(3 * pixels);
  subject.plane.resize(pixels);
  subject.other_plane.resize(pixels);
  std::ifstream file(path, std::ios::binary);
  return static_cast<bool>(file.read(reinterpret_cast<char*>(subject.rgb.data()), subject.rgb.size()));
}

// The call that is timed: decoded RGB to hash, luma included.
pdq::Hash256 hash(Subject& s) {
  float buffer64x64[64][64];
  float buffer16x64[16][64];
  float buffer16x16[16][16];
  pdq::Hash256 hash;
  int quality;
  uint8_t* rgb = s.rgb.data();
  pdq::fillFloatLumaFromRGB(rgb, rgb + 1, rgb + 2, s.height, s.width, 3 * s.width, 3, s.plane.data());
  pdq::pdqHash256FromFloatLuma(
      s.plane.data(), s.other_plane.data(), s.height, s.width, buffer64x64, buffer16x64, buffer16x16, hash, quality);
  return hash;
}

int64_t cpu_nanoseconds() {
  timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return int64_t{now.tv_sec} * 1000000000 + now.tv_nsec;
}

} // namespace

int main() {
  std::cout << "pdq/cpp " << SOURCES << ", compiler " << __VERSION__ << ", " << FLAGS << std::endl;
  Subject subject;
  std::string line;
  while (std::getline(std::cin, line)) {
    std::istringstream fields(line);
    std::string command;
    int times = 0;
    fields >> command;
    if (command == "load" && load(fields, subject)) {
      std::cout << "ready" << std::endl;
    } else if (command == "go" && fields >> times && times > 0 && !subject.rgb.empty()) {
      pdq::Hash256 result;
      const int64_t begin = cpu_nanoseconds();
      for (int i = 0; i < times; i++) {
        result = hash(subject);
      }
      const int64_t end = cpu_nanoseconds();
      std::cout << end - begin << ' ' << result.format() << std::endl;
    } else {
      std::cerr << "not understood, or not readable: " << line << std::endl;
      return 1;
    }
  }
  return 0;
}
