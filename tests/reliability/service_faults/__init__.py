"""The services' faults: each fault at each call, for seconds and for an hour, on real sockets with a movable clock."""
