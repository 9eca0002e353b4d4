using Xunit;

// Tests that look at how busy the processors are would see each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
